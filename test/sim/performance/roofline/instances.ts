/** Instances for tests of the roofline model: Llama 2 7B on an A100-40GB, and one small enough to compute by hand. */
import type { RooflineParameters } from "../../../../src/sim/performance/performance.schema.ts";
import type { BatchShape, TimedInstance } from "../../../../src/sim/performance/performance-model.ts";
import type { ModelArchitecture } from "../../../../src/sim/workload/model.ts";

export const PARAMETERS: RooflineParameters = {
  _target_: "performance_models.Roofline",
  variant: "corrected",
  flash_attention: true,
  compute_efficiency: 1,
  bandwidth_efficiency: 1,
  network_efficiency: 1,
  iteration_overhead: 0,
};

export const LLAMA: ModelArchitecture = {
  name: "llama2-7b",
  num_layers: 32,
  hidden_size: 4096,
  num_heads: 32,
  intermediate_size: 11008,
  vocab_size: 32000,
};

export const GROUPED: ModelArchitecture = { ...LLAMA, name: "grouped", num_kv_heads: 8 };

/** A100-40GB: NVIDIA's data sheet. */
export const A100 = {
  name: "a100-40gb",
  memoryBytes: 40e9,
  memoryBytesPerSecond: 1555e9,
  peakFlops: { fp16: 312e12, int8: 624e12 },
  onchipBytes: 27648e3,
  linkBytesPerSecond: 300e9,
} as const;

export function instanceOf(more: Partial<TimedInstance> = {}): TimedInstance {
  const architecture = more.architecture ?? LLAMA;
  const processor = more.processor ?? A100;
  return {
    modelArchitecture: architecture.name,
    processorName: processor.name,
    tensorParallelism: 1,
    processor,
    architecture,
    size: { weights: 13.5e9, dtype_size: 2 },
    ...more,
  };
}

const NONE: BatchShape = {
  prefills: 0,
  promptTokens: 0,
  squaredPromptTokens: 0,
  promptContextProducts: 0,
  decodes: 0,
  contextTokens: 0,
};

/** Prefills as [tokens computed, tokens before them in the KV cache], decodes as the tokens that each attends to. */
export function batchOf(
  prefills: readonly (readonly [number, number])[],
  contexts: readonly number[] = [],
): BatchShape {
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  return {
    ...NONE,
    prefills: prefills.length,
    promptTokens: sum(prefills.map(([tokens]) => tokens)),
    squaredPromptTokens: sum(prefills.map(([tokens]) => tokens * tokens)),
    promptContextProducts: sum(prefills.map(([tokens, context]) => tokens * context)),
    decodes: contexts.length,
    contextTokens: sum(contexts),
  };
}
