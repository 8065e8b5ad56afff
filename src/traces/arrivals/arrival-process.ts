import type { RandomStream } from "../../sim/kernel/random.ts";
import type { ArrivalParameters } from "../trace.schema.ts";

type ArrivalKey = Exclude<keyof ArrivalParameters, "process">;

/**
 * How requests arrive. `create` gives a sampler of the gap before the next request, in units of the mean gap: its mean is
 * 1, and what makes seconds of gaps is a clock.
 */
export interface ArrivalProcess {
  readonly process: ArrivalParameters["process"];
  /** Parameters that it must have. */
  readonly needs: readonly ArrivalKey[];
  /** Parameters that it may have; others are refused. */
  readonly allows: readonly ArrivalKey[];
  create(parameters: ArrivalParameters): (random: RandomStream) => number;
}
