import type { RandomStream } from "../../sim/kernel/random.ts";
import type { ArrivalParameters } from "../trace.schema.ts";

/**
 * How requests arrive. `create` gives a sampler of the gap before the next request, in units of the mean gap: its mean is
 * 1, so that the rate only stretches the same arrivals.
 */
export interface ArrivalProcess {
  readonly process: ArrivalParameters["process"];
  /** Parameters that it must have; others are refused. */
  readonly needs: readonly "cv"[];
  create(parameters: ArrivalParameters): (random: RandomStream) => number;
}
