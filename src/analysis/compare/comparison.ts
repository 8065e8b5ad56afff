/** Everything that a comparison of two sets of runs shows. */
import type { MetricInfo } from "../../results/metric-info.ts";
import { METRICS } from "../../results/metrics.ts";
import { SLO_METRICS } from "../../results/slo-metrics.ts";
import type { Cell } from "../run-table.ts";
import { compareMetric, type MetricComparison } from "./compare-metric.ts";
import { type OverrideDifference, pairRuns, type RunPair } from "./pair-runs.ts";
import type { Side, SideRun } from "./side.ts";

/** In the order of the columns of `runs.csv`. */
export const COMPARABLE_METRICS: readonly MetricInfo[] = [...METRICS, ...SLO_METRICS];

export interface PointComparison {
  /** By swept key, without the seed. */
  readonly values: ReadonlyMap<string, Cell>;
  /** Pairs of complete runs. */
  readonly pairs: readonly RunPair[];
  /** Of the metrics that some pair has on both sides. */
  readonly metrics: readonly MetricComparison[];
}

export interface Comparison {
  readonly keys: readonly string[];
  readonly points: readonly PointComparison[];
  /** Pairs of which a run is failed or pending. */
  readonly incomplete: readonly RunPair[];
  readonly onlyA: readonly SideRun[];
  readonly onlyB: readonly SideRun[];
  /** What the sides differ in as a whole. */
  readonly overrides: readonly OverrideDifference[];
}

export function compareSides(a: Side, b: Side): Comparison {
  const pairing = pairRuns(a, b);
  const isComplete = ({ a, b }: RunPair) => a.status === "done" && b.status === "done";
  const points = pairing.points.map(({ values, pairs }): PointComparison => {
    const complete = pairs.filter(isComplete);
    const compared = COMPARABLE_METRICS.map((metric) => compareMetric(metric, complete));
    return { values, pairs: complete, metrics: compared.filter((comparison) => comparison !== undefined) };
  });
  return {
    keys: pairing.keys,
    points: points.filter(({ pairs }) => pairs.length > 0),
    incomplete: pairing.points.flatMap(({ pairs }) => pairs.filter((pair) => !isComplete(pair))),
    onlyA: pairing.onlyA,
    onlyB: pairing.onlyB,
    overrides: pairing.overrides,
  };
}

/** `scheduler=jsq trace.rate=30`; "" where nothing is swept but seeds. */
export function pointName(values: ReadonlyMap<string, Cell>): string {
  return [...values].map(([key, value]) => `${key}=${value ?? ""}`).join(" ");
}
