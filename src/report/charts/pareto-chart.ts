/** Runs by two measures, with those that no other beats in both joined by a line. */
import * as Plot from "@observablehq/plot";
import { paretoFront, type Wish } from "../../analysis/pareto.ts";
import type { Point } from "../../analysis/points.ts";
import { shortNumber } from "../../analysis/run-label.ts";
import { frame } from "./frame.ts";
import { axisLabel, type ChartStyle } from "./style.ts";
import { wholeTicks } from "./whole-ticks.ts";

export interface ParetoMeasure {
  readonly name: string;
  readonly unit: string;
  readonly wish: Wish;
}

export interface ParetoChart {
  readonly points: readonly Point[];
  readonly x: ParetoMeasure;
  readonly y: ParetoMeasure;
  readonly seriesName?: string | undefined;
  /** What a point is, for its tip. */
  readonly describe: (row: number) => string;
}

interface Mark {
  readonly x: number;
  readonly y: number;
  readonly series: string;
  readonly row: number;
}

export function paretoChart(chart: ParetoChart, style: ChartStyle): ReturnType<typeof Plot.plot> {
  const { x, y, seriesName, describe } = chart;
  const marks = chart.points
    .filter((point) => typeof point.x === "number")
    .map(
      (point): Mark => ({
        x: point.x as number,
        y: point.y,
        series: seriesName === undefined ? "" : String(point.series),
        row: point.rows[0],
      }),
    );
  const front = paretoFront(
    marks.map((mark) => mark.x),
    marks.map((mark) => mark.y),
    { x: x.wish, y: y.wish },
  ).map((index) => marks[index]);
  const channels = { x: "x", y: "y" };
  return Plot.plot({
    ...frame(style),
    x: {
      label: `${axisLabel(x.name, x.unit)}, ${better(x.wish, "x")}`,
      nice: true,
      grid: true,
      ...wholeTicks(marks.map((mark) => mark.x)),
    },
    y: {
      label: `${axisLabel(y.name, y.unit)}, ${better(y.wish, "y")}`,
      nice: true,
      grid: true,
      ...wholeTicks(marks.map((mark) => mark.y)),
    },
    color: {
      domain: [...new Set(marks.map(({ series }) => series))],
      range: [...style.palette],
      legend: seriesName !== undefined,
    },
    marks: [
      Plot.line(front, { ...channels, stroke: style.ink, strokeWidth: 1.4, strokeDasharray: "5 3", curve: "linear" }),
      Plot.dot(marks, { ...channels, stroke: "series", fill: "series", fillOpacity: 0.25, r: 3 }),
      Plot.dot(front, { ...channels, stroke: style.ink, strokeWidth: 1.6, r: 6 }),
      ...(style.tips
        ? [
            Plot.tip(
              marks,
              Plot.pointer({
                ...channels,
                stroke: "series",
                title: (mark: Mark) =>
                  `${describe(mark.row)}\n${x.name}: ${shortNumber(mark.x)}\n${y.name}: ${shortNumber(mark.y)}`,
              }),
            ),
          ]
        : []),
    ],
  });
}

function better(wish: Wish, axis: "x" | "y"): string {
  if (axis === "x") return wish === "low" ? "← better" : "better →";
  return wish === "low" ? "lower is better" : "higher is better";
}
