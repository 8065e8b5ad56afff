/** How many KV blocks an instance has. */
import type { VllmParameters } from "./vllm.schema.ts";

/** vLLM's own default watermark. */
const WATERMARK_SHARE = 0.01;

export interface InstanceBytes {
  readonly capacityBytes: number;
  readonly weightBytes: number;
  readonly kvBytesPerToken: number;
}

/** As given, or what is left beside the weights; nothing is set aside for activations. */
export function gpuBlocks(parameters: VllmParameters, bytes: InstanceBytes): number {
  if (parameters.num_gpu_blocks !== null) return parameters.num_gpu_blocks;
  const freeBytes = bytes.capacityBytes * parameters.gpu_memory_utilization - bytes.weightBytes;
  return Math.max(0, Math.floor(freeBytes / (parameters.block_size * bytes.kvBytesPerToken)));
}

/** Blocks that requests can hold: V1 keeps one, the null block. */
export function usableBlocks(parameters: VllmParameters, blocks: number): number {
  return parameters._target_ === "engines.VllmV1" ? blocks - 1 : blocks;
}

export function watermarkBlocks(parameters: VllmParameters, blocks: number): number {
  if (parameters._target_ === "engines.VllmV1") return Math.floor(parameters.watermark * blocks);
  return parameters.num_watermark_blocks ?? Math.floor(WATERMARK_SHARE * blocks);
}
