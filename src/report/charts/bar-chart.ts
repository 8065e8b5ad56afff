/** Bars side by side in groups, with intervals where several runs are behind one. */
import * as Plot from "@observablehq/plot";
import { shortNumber } from "../../analysis/run-label.ts";
import { frame } from "./frame.ts";
import type { ChartStyle } from "./style.ts";

export interface Bar {
  /** Bars of a group stand together. */
  readonly group: string;
  readonly series: string;
  readonly value: number;
  readonly low?: number;
  readonly high?: number;
}

export interface BarChart {
  readonly bars: readonly Bar[];
  /** In the order of the colours. */
  readonly series: readonly string[];
  readonly groupLabel: string | null;
  readonly valueLabel: string;
  /** Writes each value above its bar. */
  readonly showsValues: boolean;
}

export function barChart(chart: BarChart, style: ChartStyle): ReturnType<typeof Plot.plot> {
  const { bars, series } = chart;
  const groups = [...new Set(bars.map(({ group }) => group))];
  const place = { fx: "group", x: "series" };
  return Plot.plot({
    ...frame(style),
    fx: { domain: groups, label: chart.groupLabel, axis: "bottom", padding: 0.12 },
    x: { domain: [...series], axis: null, padding: 0.08 },
    y: { label: chart.valueLabel, grid: true, nice: true, zero: true },
    color: { domain: [...series], range: [...style.palette] },
    marks: [
      Plot.barY(bars, { ...place, y: "value", fill: "series" }),
      Plot.ruleX(
        bars.filter(({ low, high }) => low !== undefined && high !== undefined && high > low),
        { ...place, y1: "low", y2: "high", stroke: style.ink, strokeWidth: 1.4 },
      ),
      Plot.ruleY([0], { stroke: style.ink }),
      ...(chart.showsValues
        ? [
            Plot.text(bars, {
              ...place,
              y: "value",
              dy: -7,
              fontSize: 9.5,
              text: ({ value }: Bar) => shortNumber(Number(value.toPrecision(3))),
            }),
          ]
        : []),
    ],
  });
}
