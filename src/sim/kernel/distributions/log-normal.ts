import { normal } from "./normal.ts";
import type { Sampler } from "./sampler.ts";

/** The log-normal distribution with this mean and standard deviation (of the variable itself, not of its logarithm). */
export function logNormal(mean: number, standardDeviation: number): Sampler {
  const logVariance = Math.log1p((standardDeviation / mean) ** 2);
  const logarithm = normal(Math.log(mean) - logVariance / 2, Math.sqrt(logVariance));
  return (random) => Math.exp(logarithm(random));
}
