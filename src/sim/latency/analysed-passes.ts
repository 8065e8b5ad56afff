/** The passes of requests operator by operator, by performance models that count operators. */
import type { PerformanceModelParameters } from "../performance/performance.schema.ts";
import type { TimedInstance } from "../performance/performance-model.ts";
import { analysePass, rooflinePlan } from "../performance/roofline/index.ts";
import type { PassAnalysis } from "../performance/roofline/pass-analysis.ts";
import { decodeShape, type LatencyRequest, prefillShape } from "./request-latency.ts";

export interface AnalysedPasses {
  readonly prefill: PassAnalysis;
  /** The first one. */
  readonly decode: PassAnalysis;
}

/** Undefined for other performance models. Errors: ConfigError of the roofline. */
export function analysedPasses(
  parameters: PerformanceModelParameters,
  instance: TimedInstance,
  { promptTokens, batchSize }: LatencyRequest,
): AnalysedPasses | undefined {
  if (parameters._target_ !== "performance_models.Roofline") return undefined;
  const plan = rooflinePlan(parameters, instance);
  return {
    prefill: analysePass(plan, prefillShape(promptTokens, batchSize)),
    decode: analysePass(plan, decodeShape(promptTokens + 1, batchSize)),
  };
}
