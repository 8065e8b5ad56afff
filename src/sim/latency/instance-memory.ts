/** What the memory of an instance must hold for requests that are served together. */
import type { TimedInstance } from "../performance/performance-model.ts";
import { kvBytesPerToken } from "../workload/model.ts";
import type { LatencyRequest } from "./request-latency.ts";

/** Bytes of all processors of the instance together. */
export interface InstanceMemory {
  readonly capacityBytes: number;
  readonly weightBytes: number;
  /** When the last output token is there. */
  readonly kvCacheBytes: number;
  /** Tensors of the prefill; undefined where no performance model counts them. */
  readonly activationBytes: number | undefined;
  readonly fits: boolean;
}

/** The fewest processors, a power of two, whose memory holds weights and KV caches; `most` if not even those do. */
export function fewestProcessors(instance: TimedInstance, request: LatencyRequest, most: number): number {
  for (let processors = 1; processors < most; processors *= 2) {
    if (instanceMemory({ ...instance, tensorParallelism: processors }, request, undefined).fits) return processors;
  }
  return most;
}

/** `activationBytes` are those of one processor. */
export function instanceMemory(
  instance: TimedInstance,
  request: LatencyRequest,
  activationBytes: number | undefined,
): InstanceMemory {
  const { processor, tensorParallelism, architecture, size } = instance;
  const tokens = request.batchSize * (request.promptTokens + request.outputTokens);
  const capacityBytes = processor.memoryBytes * tensorParallelism;
  const kvCacheBytes = tokens * kvBytesPerToken(architecture, size, "grouped_query");
  const activations = activationBytes === undefined ? undefined : activationBytes * tensorParallelism;
  return {
    capacityBytes,
    weightBytes: size.weights,
    kvCacheBytes,
    activationBytes: activations,
    fits: size.weights + kvCacheBytes + (activations ?? 0) <= capacityBytes,
  };
}
