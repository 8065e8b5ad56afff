import type { Sampler } from "./sampler.ts";

/** The uniform distribution on [from, to). */
export function uniform(from: number, to: number): Sampler {
  return (random) => from + (to - from) * random.uniform();
}

/** The uniform distribution on the integers from `from` to `to`, both included. */
export function uniformInteger(from: number, to: number): Sampler {
  return (random) => from + random.below(to - from + 1);
}
