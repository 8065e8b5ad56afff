/** The times of a request alone on the reference hardware of `slo`. */
import { ConfigError } from "../errors.ts";
import type { SloConfig } from "../results/slo.schema.ts";
import type { ReferenceTimes } from "../results/slo-metrics.ts";
import type { KindCurves } from "../sim/performance/database.ts";
import { createPerformanceModel } from "../sim/performance/index.ts";
import type { RunSpec } from "./run-spec.ts";

const ALONE = { prefills: 0, promptTokens: 0, squaredPromptTokens: 0, decodes: 0 };

/** Errors: ConfigError if `slo` lacks something, or the performance model does not know its reference. */
export function referenceTimes(
  { performance_model, applications }: RunSpec["config"],
  slo: SloConfig,
  curves: readonly KindCurves[],
): ReferenceTimes {
  if (slo.reference === undefined || slo.limits === undefined) {
    throw new ConfigError("missing_key", `slo=${slo.name} needs a reference and limits.`, { path: "slo" });
  }
  const times = createPerformanceModel(performance_model, curves).iterationTimes({
    modelArchitecture: applications[0].model_architecture,
    processorName: slo.reference.processor,
    tensorParallelism: slo.reference.tensor_parallelism,
  });
  return {
    prefillSeconds: (promptTokens) => times.stretchSeconds({ ...ALONE, prefills: 1, promptTokens }, 1),
    decodeSeconds: (promptTokens) => times.stretchSeconds({ ...ALONE, decodes: promptTokens }, 1),
  };
}
