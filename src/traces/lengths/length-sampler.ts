import type { Sampler } from "../../sim/kernel/distributions/sampler.ts";
import type { OpenFile } from "../open-file.ts";
import type { LengthParameters } from "../trace.schema.ts";

export type LengthKey = Exclude<keyof LengthParameters, "distribution">;

/** Parameters of one sampler, with `min` and `max` filled in. */
export type CheckedLengths = Required<Omit<LengthParameters, "distribution">>;

/**
 * How long prompts or outputs are, independently of each other. `create` gives a sampler whose values need not be
 * integers nor within [min, max]: they are rounded to the nearest integer and clipped.
 */
export interface LengthSampler {
  readonly distribution: LengthParameters["distribution"];
  /** Parameters that it must have. */
  readonly needs: readonly LengthKey[];
  /** Parameters that it may have; others are refused. */
  readonly allows: readonly LengthKey[];
  create(parameters: CheckedLengths, openFile: OpenFile): Sampler;
}
