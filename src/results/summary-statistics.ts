/** The eleven statistics of one column of `summary.csv`, equal to numpy's to the last bit (the geometric mean to 1e-12). */
import { invariant } from "../errors.ts";
import { selectRank } from "./order-statistics.ts";
import { pairwiseSum } from "./pairwise-sum.ts";

/** Names of the statistics, in the order of the columns of `summary.csv`. */
export const STATISTIC_NAMES = [
  "mean",
  "std",
  "min",
  "max",
  "median",
  "p50",
  "p90",
  "p95",
  "p99",
  "p999",
  "geomean",
] as const;

export type StatisticName = (typeof STATISTIC_NAMES)[number];
export type SummaryStatistics = Readonly<Record<StatisticName, number>>;

/**
 * Statistics of `column`, which is not changed. `std` is the population's (ddof 0), percentiles are linear, `geomean` is 0 if any
 * value is 0. An empty column has none. O(n log n): one sort of one copy.
 */
export function summaryStatistics(column: Float64Array): SummaryStatistics | undefined {
  const count = column.length;
  if (count === 0) return undefined;
  const sorted = Float64Array.from(column).sort();
  const mean = pairwiseSum(column) / count;
  const scratch = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const deviation = column[i] - mean;
    scratch[i] = deviation * deviation;
  }
  return {
    mean,
    std: Math.sqrt(pairwiseSum(scratch) / count),
    min: sorted[0],
    max: sorted[count - 1],
    median: median(sorted),
    p50: percentile(sorted, 50),
    p90: percentile(sorted, 90),
    p95: percentile(sorted, 95),
    p99: percentile(sorted, 99),
    p999: percentile(sorted, 99.9),
    geomean: geometricMean(column, scratch),
  };
}

export type LatencyStatistics = Pick<SummaryStatistics, "mean" | "p50" | "p90" | "p99">;

/** A few of the same statistics, in a quarter of the time. Rearranges `column`. */
export function latencyStatistics(column: Float64Array): LatencyStatistics | undefined {
  if (column.length === 0) return undefined;
  const mean = pairwiseSum(column) / column.length;
  const [p50, p90, p99] = percentiles(column, [50, 90, 99]);
  return { mean, p50, p90, p99 };
}

/** Percentiles in ascending order, equal to those of the sorted column. Rearranges `column`, which is not empty. O(n). */
export function percentiles(column: Float64Array, percents: readonly number[]): number[] {
  let first = 0;
  return percents.map((percent) => {
    const below = Math.floor((column.length - 1) * (percent / 100));
    for (const rank of [below, Math.min(below + 1, column.length - 1)]) {
      if (rank < first) continue;
      selectRank(column, rank, first);
      first = rank + 1;
    }
    return percentile(column, percent);
  });
}

/** The `percent`-th percentile by linear interpolation (numpy's default, R type 7), rounded as numpy rounds it. */
export function percentile(sorted: Float64Array, percent: number): number {
  invariant(sorted.length > 0, "percentile of an empty column");
  const position = (sorted.length - 1) * (percent / 100);
  const below = Math.floor(position);
  const weight = position - below;
  const a = sorted[below];
  const b = sorted[Math.min(below + 1, sorted.length - 1)];
  return weight < 0.5 ? a + (b - a) * weight : b - (b - a) * (1 - weight);
}

function median(sorted: Float64Array): number {
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** exp(mean(log x)); `scratch` has the length of `column` and is overwritten. */
function geometricMean(column: Float64Array, scratch: Float64Array): number {
  for (let i = 0; i < column.length; i++) {
    if (column[i] === 0) return 0;
    scratch[i] = Math.log(column[i]);
  }
  return Math.exp(pairwiseSum(scratch) / column.length);
}
