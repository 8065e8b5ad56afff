/** The times of a request alone on the reference hardware of `slo`. */
import { ConfigError } from "../errors.ts";
import type { SloConfig } from "../results/slo.schema.ts";
import type { ReferenceTimes } from "../results/slo-metrics.ts";
import { found, processorOf } from "../sim/cluster/build-cluster.ts";
import { createPerformanceModel } from "../sim/performance/index.ts";
import type { BatchShape, PerformanceData } from "../sim/performance/performance-model.ts";
import type { RunSpec } from "./run-spec.ts";

const NONE: BatchShape = {
  prefills: 0,
  promptTokens: 0,
  squaredPromptTokens: 0,
  promptContextProducts: 0,
  decodes: 0,
  contextTokens: 0,
};

/** Errors: ConfigError if `slo` lacks something, or the performance model does not know its reference. */
export function referenceTimes(
  { config: { performance_model, applications }, architectures, sizes, processors }: Omit<RunSpec, "records">,
  slo: SloConfig,
  data: PerformanceData,
): ReferenceTimes {
  if (slo.reference === undefined || slo.limits === undefined) {
    throw new ConfigError("missing_key", `slo=${slo.name} needs a reference and limits.`, { path: "slo" });
  }
  const { model_architecture: architecture, model_size: size } = applications[0];
  const { processor, tensor_parallelism: tensorParallelism } = slo.reference;
  const times = createPerformanceModel(performance_model, data).iterationTimes({
    modelArchitecture: architecture,
    processorName: processor,
    tensorParallelism,
    processor: processorOf(found(processors, processor, "processor", "slo.reference.processor")),
    architecture: found(architectures, architecture, "model architecture", "applications.0.model_architecture"),
    size: found(sizes, size, "model size", "applications.0.model_size"),
  });
  const isMeasured = "db_path" in performance_model;
  return {
    prefillSeconds: (promptTokens) =>
      times.stretchSeconds({ ...NONE, prefills: 1, promptTokens, squaredPromptTokens: promptTokens ** 2 }, 1),
    // SplitwiseSim's reference of a decode reads the measured curve, which knows no contexts, at the prompt's tokens.
    decodeSeconds: (promptTokens) =>
      times.stretchSeconds({ ...NONE, decodes: isMeasured ? promptTokens : 1, contextTokens: promptTokens }, 1),
  };
}
