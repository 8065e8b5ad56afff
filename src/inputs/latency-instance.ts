/** The instance and the requests that a configuration of `sweep latency` describes. */
import { processorOf } from "../sim/cluster/build-cluster.ts";
import { fewestProcessors } from "../sim/latency/instance-memory.ts";
import type { LatencyConfig } from "../sim/latency/latency.schema.ts";
import type { LatencyRequest } from "../sim/latency/request-latency.ts";
import type { TimedInstance } from "../sim/performance/performance-model.ts";
import type { HuggingFaceParameters } from "../sim/workload/model.schema.ts";
import type { ModelArchitecture, ModelSize } from "../sim/workload/model.ts";
import { computedSize } from "../sim/workload/model-weights.ts";
import { architectureOf, isHuggingFace } from "./hugging-face.ts";

export interface LatencyInstance {
  readonly request: LatencyRequest;
  readonly instance: TimedInstance;
  /** What is odd about it. */
  readonly notes: string[];
}

/** Errors: ConfigError if the architecture lacks what its weights are counted from. */
export function latencyInstance(config: LatencyConfig): LatencyInstance {
  const { model, hardware, tensor_parallelism: processors } = config;
  const request: LatencyRequest = {
    promptTokens: config.prompt,
    outputTokens: config.output,
    batchSize: config.batch,
    firstToken: config.first_token,
  };
  const architecture: ModelArchitecture = isHuggingFace(model.architecture)
    ? architectureOf(model.architecture as HuggingFaceParameters, "model.architecture")
    : (model.architecture as ModelArchitecture);
  const { name } = architecture;
  const size = model.size ?? (computedSize(`${name}-${model.precision}`, architecture) as ModelSize);
  const single = {
    modelArchitecture: name,
    processorName: hardware.name,
    tensorParallelism: 1,
    processor: processorOf(hardware),
    architecture,
    size,
  };
  const tensorParallelism = processors ?? fewestProcessors(single, request, MOST_PROCESSORS);
  const instance = { ...single, tensorParallelism };
  return { request, instance, notes: model.size === undefined ? [] : oddSize(name, size) };
}

/** A larger server has not been built. */
const MOST_PROCESSORS = 1024;

/** Weights above so many times those that the model's name tells are taken for a mistake, as LLM-simulator's of OPT 125M. */
const LARGEST_EXCESS = 3;
const PARAMETERS = /(?:^|[-_/])(\d+(?:\.\d+)?)([bm])(?![a-z0-9])/i;

function oddSize(name: string, { weights, dtype_size }: ModelSize): string[] {
  const [, number, unit] = PARAMETERS.exec(name) ?? [];
  if (number === undefined || unit === undefined) return [];
  const expected = Number(number) * (unit.toLowerCase() === "b" ? 1e9 : 1e6) * dtype_size;
  if (weights <= LARGEST_EXCESS * expected) return [];
  return [
    `the weights of ${name} are ${weights / 1e9} GB, and its name tells ${expected / 1e9} GB: a mistake in model.size.weights?`,
  ];
}
