/** A measure over simulated time: the mean over a run's instances, and the range between the least and the most of them. */
import * as Plot from "@observablehq/plot";
import { frame } from "./frame.ts";
import { axisLabel, type ChartStyle } from "./style.ts";

export interface TimeCurve {
  readonly label: string;
  readonly seconds: readonly number[];
  readonly mean: readonly number[];
  readonly low: readonly number[];
  readonly high: readonly number[];
}

export interface TimeChart {
  readonly curves: readonly TimeCurve[];
  readonly name: string;
  readonly unit: string;
}

/** More bands hide each other. */
export const MOST_BANDS = 3;

export function timeChart({ curves, name, unit }: TimeChart, style: ChartStyle): ReturnType<typeof Plot.plot> {
  const marks = curves.flatMap(({ label, seconds, mean, low, high }) =>
    seconds.map((second, i) => ({ label, seconds: second, mean: mean[i], low: low[i], high: high[i] })),
  );
  const showsRange = curves.length <= MOST_BANDS;
  return Plot.plot({
    ...frame({ ...style, height: style.height * 0.7 }),
    x: { label: "simulated time (s)", nice: false },
    y: { label: axisLabel(name, unit), grid: true, zero: true, nice: true },
    color: { domain: curves.map(({ label }) => label), range: [...style.palette], legend: true },
    marks: [
      ...(showsRange
        ? [Plot.areaY(marks, { x: "seconds", y1: "low", y2: "high", fill: "label", fillOpacity: 0.13, z: "label" })]
        : []),
      Plot.lineY(marks, { x: "seconds", y: "mean", stroke: "label", strokeWidth: 1.4, z: "label" }),
    ],
  });
}
