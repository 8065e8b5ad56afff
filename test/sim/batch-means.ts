import { mean, sampleVariance } from "simple-statistics";

export interface Interval {
  readonly mean: number;
  /** Three standard errors. */
  readonly halfWidth: number;
}

const BATCHES = 30;

/** Confidence interval of the mean of correlated values: means of long batches of them are nearly independent. */
export function batchMeans(values: ArrayLike<number>): Interval {
  const all = Array.from(values);
  const length = Math.floor(all.length / BATCHES);
  const means = Array.from({ length: BATCHES }, (_, batch) => mean(all.slice(batch * length, (batch + 1) * length)));
  return { mean: mean(means), halfWidth: 3 * Math.sqrt(sampleVariance(means) / BATCHES) };
}
