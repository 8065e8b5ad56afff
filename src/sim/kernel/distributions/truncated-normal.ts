import { normalQuantile } from "./normal.ts";
import { normalProbability } from "./normal-probability.ts";
import type { Sampler } from "./sampler.ts";

/**
 * A normal variable given that it lies in [from, to], by inverse transform: one draw of the stream. `mean` and
 * `standardDeviation` are those before the truncation. Bounds that leave no probability in doubles (more than 37
 * standard deviations from the mean) give the bound nearest to the mean.
 */
export function truncatedNormal(mean: number, standardDeviation: number, from: number, to: number): Sampler {
  // Only the lower tail keeps its relative precision, so a range above the mean is mirrored into it.
  const sign = from > mean ? -1 : 1;
  const lowest = normalProbability((sign * ((sign > 0 ? from : to) - mean)) / standardDeviation);
  const highest = normalProbability((sign * ((sign > 0 ? to : from) - mean)) / standardDeviation);
  if (highest === 0) return () => (sign > 0 ? to : from);
  return (random) => {
    const probability = lowest + (highest - lowest) * random.uniform();
    const value = mean + sign * standardDeviation * normalQuantile(probability);
    return Math.min(Math.max(value, from), to);
  };
}
