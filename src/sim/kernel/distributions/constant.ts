import type { Sampler } from "./sampler.ts";

/** Always `value`; draws nothing. */
export function constant(value: number): Sampler {
  return () => value;
}
