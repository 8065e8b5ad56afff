/** A metric against a parameter: lines with their 95 % intervals, or points where the parameter is no number. */
import * as Plot from "@observablehq/plot";
import type { Point } from "../../analysis/points.ts";
import { shortNumber } from "../../analysis/run-label.ts";
import type { Cell } from "../../analysis/run-table.ts";
import { frame } from "./frame.ts";
import { axisLabel, type ChartStyle } from "./style.ts";
import { wholeTicks } from "./whole-ticks.ts";

export interface MetricChart {
  readonly points: readonly Point[];
  readonly x: { readonly name: string; readonly unit: string };
  readonly y: { readonly name: string; readonly unit: string };
  readonly seriesName?: string | undefined;
  readonly facetName?: string | undefined;
  readonly logX?: boolean | undefined;
  readonly logY?: boolean | undefined;
  /** Without it the axis begins at 0 if that costs little. */
  readonly fromZero?: boolean;
}

/** Plot has no more symbols. */
const MOST_SYMBOLS = 7;

interface Mark {
  readonly x: Cell;
  readonly y: number;
  /** Ends of the interval as drawn. */
  readonly low: number;
  readonly high: number;
  /** Half of the interval. */
  readonly plusMinus: number;
  readonly series: string;
  readonly facet: string;
  readonly runs: number;
}

export function metricChart(chart: MetricChart, style: ChartStyle): ReturnType<typeof Plot.plot> {
  const isNumeric = chart.points.every(({ x }) => typeof x === "number");
  const marks = marksOf(chart, isNumeric);
  const { seriesName, facetName } = chart;
  const seriesOrder = [...new Set(chart.points.map((point) => seriesText(point, seriesName)))];
  const hasLegend = seriesName !== undefined;
  const hasSymbols = seriesOrder.length <= MOST_SYMBOLS;
  const place = { x: "x", ...(facetName === undefined ? {} : { fx: "facet" }) };
  const channels = { ...place, y: "y" };
  const interval = { ...place, y1: "low", y2: "high" };
  return Plot.plot({
    ...frame(style, facetName === undefined ? 1 : new Set(marks.map(({ facet }) => facet)).size),
    x: {
      label: axisLabel(chart.x.name, chart.x.unit),
      ...(isNumeric
        ? {
            type: chart.logX === true ? "log" : "linear",
            nice: true,
            ...(chart.logX === true ? {} : wholeTicks(marks.map(({ x }) => x as number))),
          }
        : { type: "point", domain: order(marks) }),
    },
    y: {
      label: axisLabel(chart.y.name, chart.y.unit),
      type: chart.logY === true ? "log" : "linear",
      grid: true,
      nice: true,
      zero: chart.logY !== true && chart.fromZero !== false,
    },
    fx: { label: facetName ?? null, padding: 0.08, domain: facetOrder(chart.points) },
    color: { domain: seriesOrder, range: [...style.palette], legend: hasLegend && !hasSymbols },
    symbol: { domain: seriesOrder, legend: hasLegend && hasSymbols },
    marks: [
      ...(isNumeric
        ? [
            Plot.areaY(marks, { ...interval, fill: "series", fillOpacity: 0.14, z: "series" }),
            Plot.lineY(marks, { ...channels, stroke: "series", strokeWidth: 1.8, z: "series" }),
          ]
        : [Plot.ruleX(marks, { ...interval, stroke: "series", strokeWidth: 1.5 })]),
      Plot.dot(marks, { ...channels, stroke: "series", fill: "series", fillOpacity: 0.35, symbol: "series", r: 3.2 }),
      ...(style.tips
        ? [
            Plot.tip(
              marks,
              Plot.pointer({
                ...channels,
                stroke: "series",
                title: (mark: Mark) => tipText(mark, chart),
              }),
            ),
          ]
        : []),
    ],
  });
}

/** Intervals of few runs may reach far below 0, where most metrics, and logarithms, end: there they are cut. */
function marksOf({ points, seriesName, logY }: MetricChart, isNumeric: boolean): Mark[] {
  const floor = lowestShown(
    points.map(({ y }) => y),
    logY === true,
  );
  const marks = points.map(
    ({ x, y, low, high, series, facet, rows }): Mark => ({
      x: isNumeric ? x : String(x),
      y,
      low: Math.max(floor, low),
      high,
      plusMinus: (high - low) / 2,
      series: seriesText({ series }, seriesName),
      facet: String(facet),
      runs: rows.length,
    }),
  );
  return isNumeric ? marks.sort((a, b) => (a.x as number) - (b.x as number)) : marks;
}

function lowestShown(means: readonly number[], isLogarithmic: boolean): number {
  if (isLogarithmic) return Math.min(...means.filter((mean) => mean > 0));
  return means.every((mean) => mean >= 0) ? 0 : Number.NEGATIVE_INFINITY;
}

function seriesText({ series }: Pick<Point, "series">, seriesName: string | undefined): string {
  return seriesName === undefined ? "" : String(series);
}

/** Numbers ascend, names keep the order of the runs. */
function facetOrder(points: readonly Point[]): string[] {
  const values = [...new Set(points.map(({ facet }) => facet))];
  if (values.every((value) => typeof value === "number")) values.sort((a, b) => Number(a) - Number(b));
  return values.map(String);
}

function order(marks: readonly Mark[]): string[] {
  return [...new Set(marks.map(({ x }) => x as string))];
}

function tipText(mark: Mark, { x, y, seriesName, facetName }: MetricChart): string {
  return [
    ...(facetName === undefined ? [] : [`${facetName}: ${mark.facet}`]),
    ...(seriesName === undefined ? [] : [`${seriesName}: ${mark.series}`]),
    `${axisLabel(x.name, x.unit)}: ${mark.x}`,
    `${axisLabel(y.name, y.unit)}: ${shortNumber(mark.y)}${mark.plusMinus > 0 ? ` ± ${shortNumber(mark.plusMinus)} (${mark.runs} runs)` : ""}`,
  ].join("\n");
}
