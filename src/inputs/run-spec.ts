/** All that a worker needs to run one run, as plain data: the resolved config and the files that it may read. */
import type { OutputName } from "../results/run-files.ts";
import type { RunConfig } from "../sim/simulation.schema.ts";
import type { SimulationInputs } from "../sim/simulation.ts";
import type { TraceConfig } from "../traces/load-trace.ts";

export interface RunSpec extends Omit<SimulationInputs, "config" | "trace" | "curves"> {
  readonly config: RunConfig & {
    readonly trace: TraceConfig;
    readonly results: { readonly outputs: readonly OutputName[] };
  };
  /** Absolute paths of the input files, by the paths that the config names. A worker opens no other file. */
  readonly files: ReadonlyMap<string, string>;
  /** Texts of `.hydra/*.yaml`, by name. */
  readonly records: ReadonlyMap<string, string>;
}
