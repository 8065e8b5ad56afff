import type { Sampler } from "./sampler.ts";

/** The exponential distribution, by inverse transform: one draw of the stream. */
export function exponential(mean: number): Sampler {
  // 1 - u is in (0, 1] and exact, so the logarithm is finite.
  return (random) => -mean * Math.log(1 - random.uniform());
}
