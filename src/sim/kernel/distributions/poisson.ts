import { intervalOf } from "./empirical.ts";
import type { Sampler } from "./sampler.ts";

/** Counts less likely than this share of the likeliest are never drawn: a draw of 53 bits could not tell them apart. */
const NEGLIGIBLE = 2 ** -60;

/**
 * The Poisson distribution of this mean, by inverse transform: one draw of the stream. Takes time and memory of about
 * 20 sqrt(mean) to begin with, and a bisection per draw.
 */
export function poisson(mean: number): Sampler {
  const mode = Math.floor(mean);
  // From the likeliest count outwards, by the ratio of neighbours: nothing overflows, whatever the mean.
  const below = weights((step) => (mode - step + 1) / mean);
  const above = weights((step) => mean / (mode + step));
  const all = [...below.reverse(), 1, ...above];
  const least = mode - below.length;
  const cumulative = [0];
  for (const weight of all) cumulative.push(cumulative[cumulative.length - 1] + weight);
  const total = cumulative[cumulative.length - 1];
  return (random) => least + intervalOf(cumulative, random.uniform() * total);
}

/** Weights of the counts 1, 2, ... steps from the mode, relative to it, as far as they matter. */
function weights(ratio: (step: number) => number): number[] {
  const found: number[] = [];
  for (let step = 1, weight = ratio(1); weight > NEGLIGIBLE; step++, weight *= ratio(step)) found.push(weight);
  return found;
}
