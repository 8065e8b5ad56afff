/** The trace that a configuration asks for. */

import { withOrigins } from "../../inputs/locate-error.ts";
import { prepareRun } from "../../inputs/prepare-run.ts";
import { type ConfigLocation, openWorkspace } from "../../inputs/workspace.ts";
import { traceOf } from "../../run-one.ts";
import type { Trace } from "../../sim/workload/trace.ts";
import type { TraceConfig } from "../../traces/load-trace.ts";

export interface ConfiguredTrace {
  readonly config: TraceConfig;
  readonly seed: number;
  load(): Trace;
}

/** Tells what the user should know of the composition. Errors: ConfigError. */
export function configuredTrace(
  overrides: readonly string[],
  location: ConfigLocation,
  change: (trace: TraceConfig) => TraceConfig = (trace) => trace,
): ConfiguredTrace {
  const { composer, resolver } = openWorkspace(location);
  const composition = composer.compose(overrides, { mode: "run" });
  const { inputs } = prepareRun(composition, resolver);
  for (const note of composition.warnings) process.stderr.write(`sweep: ${note}\n`);
  const config = { ...inputs.config, trace: change(inputs.config.trace) };
  return {
    config: config.trace,
    seed: config.seed,
    load: () => withOrigins(composition, () => traceOf({ ...inputs, config })),
  };
}
