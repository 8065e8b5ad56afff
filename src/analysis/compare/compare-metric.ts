/** How a metric differs between paired runs, and whether that is more than chance. */
import type { BetterDirection, MetricInfo } from "../../results/metric-info.ts";
import { estimateMean } from "../../sweep/confidence.ts";
import type { RunPair } from "./pair-runs.ts";

/**
 * `equal`: the same in every pair. `better`, `worse`, `differs` (a metric without a better way): the 95 % confidence interval
 * of the difference is without 0. `not distinguishable`: it is not. `one run each`: one pair has no interval.
 */
export const VERDICTS = ["better", "worse", "differs", "equal", "not distinguishable", "one run each"] as const;
export type Verdict = (typeof VERDICTS)[number];

export interface MetricComparison {
  readonly metric: MetricInfo;
  /** Pairs in which both runs have a value. */
  readonly pairs: number;
  /** Means over these pairs, in the metric's unit. */
  readonly a: number;
  readonly b: number;
  /** Mean of b - a. */
  readonly difference: number;
  /** Half the width of its 95 % confidence interval (paired, Student's t); undefined with one pair. */
  readonly halfWidth: number | undefined;
  /** `difference` over the size of `a`; infinite if only `a` is 0, 0 if nothing differs. */
  readonly percent: number;
  readonly verdict: Verdict;
}

/** Undefined where no pair has the metric on both sides. */
export function compareMetric(metric: MetricInfo, pairs: readonly RunPair[]): MetricComparison | undefined {
  const valuesA: number[] = [];
  const valuesB: number[] = [];
  for (const { a, b } of pairs) {
    const [valueA, valueB] = [a.metrics[metric.name], b.metrics[metric.name]];
    if (typeof valueA !== "number" || typeof valueB !== "number") continue;
    valuesA.push(valueA);
    valuesB.push(valueB);
  }
  const a = estimateMean(valuesA)?.mean;
  const b = estimateMean(valuesB)?.mean;
  const estimate = estimateMean(valuesA.map((value, index) => valuesB[index] - value));
  if (a === undefined || b === undefined || estimate === undefined) return undefined;
  const { mean: difference, halfWidth } = estimate;
  const isEqual = valuesA.every((value, index) => value === valuesB[index]);
  return {
    metric,
    pairs: valuesA.length,
    a,
    b,
    difference,
    halfWidth,
    percent: percentOf(difference, a),
    verdict: isEqual ? "equal" : verdictOf(difference, halfWidth, metric.better),
  };
}

/** The change as a share of the size of what it is a change of, in percent. */
function percentOf(difference: number, base: number): number {
  return difference === 0 ? 0 : (difference / Math.abs(base)) * 100;
}

function verdictOf(difference: number, halfWidth: number | undefined, better: BetterDirection): Verdict {
  if (halfWidth === undefined) return "one run each";
  if (!(Math.abs(difference) > halfWidth)) return "not distinguishable";
  if (better === "neither") return "differs";
  return difference > 0 === (better === "higher") ? "better" : "worse";
}
