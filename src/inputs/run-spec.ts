/** All that a worker needs to run one run, as plain data: the resolved config and the files that it may read. */
import type { RequestFileFormat } from "../results/request-files/index.ts";
import type { OutputChoice } from "../results/run-files.ts";
import type { SloConfig } from "../results/slo.schema.ts";
import type { PerformanceData } from "../sim/performance/performance-model.ts";
import type { RunConfig } from "../sim/simulation.schema.ts";
import type { SimulationInputs } from "../sim/simulation.ts";
import type { PackingChoice } from "../sweep/packs/choose-packing.ts";
import type { Labels } from "../sweep/plan.ts";
import type { TraceConfig } from "../traces/load-trace.ts";

export interface InputFile {
  readonly absolutePath: string;
  /** Of the contents that the run's id was made from. */
  readonly sha256: string;
}

export interface RunSpec extends Omit<SimulationInputs, "config" | "trace" | "added" | keyof PerformanceData> {
  readonly config: RunConfig & {
    readonly trace: TraceConfig;
    readonly slo?: SloConfig;
    readonly labels?: Labels;
    readonly results: {
      readonly outputs: readonly OutputChoice[];
      readonly format?: RequestFileFormat;
      readonly packing?: PackingChoice;
      readonly sample_interval?: number | null;
    };
  };
  /** Input files by the paths that the config names. A worker opens no other file. */
  readonly files: ReadonlyMap<string, InputFile>;
  /** Those of the files that are modules of components. */
  readonly plugins?: readonly string[];
  /** Texts of the files in `.hydra`, by name. */
  readonly records: ReadonlyMap<string, string>;
}
