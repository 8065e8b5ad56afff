/** An estimate as `--json` prints it. */
import type { LatencyEstimate, ModelEstimate } from "../../estimate-latency.ts";

export function estimateData({ request, instance, memory, estimates }: LatencyEstimate, withOperators: boolean) {
  return {
    model: instance.modelArchitecture,
    hardware: instance.processorName,
    tensor_parallelism: instance.tensorParallelism,
    prompt: request.promptTokens,
    output: request.outputTokens,
    batch: request.batchSize,
    first_token: request.firstToken,
    memory: {
      capacity_bytes: memory.capacityBytes,
      weight_bytes: memory.weightBytes,
      kv_cache_bytes: memory.kvCacheBytes,
      activation_bytes: memory.activationBytes,
      fits: memory.fits,
    },
    estimates: Object.fromEntries(estimates.map((estimate) => [estimate.name, modelData(estimate, withOperators)])),
  };
}

function modelData({ latency, reason, hint, remark, passes }: ModelEstimate, withOperators: boolean) {
  if (latency === undefined) return { reason, hint: hint ?? null };
  return {
    prefill_seconds: latency.prefillSeconds,
    decode_seconds: latency.decodeSeconds,
    decode_iterations: latency.decodeIterations,
    first_decode_seconds: latency.firstDecodeSeconds ?? null,
    last_decode_seconds: latency.lastDecodeSeconds ?? null,
    seconds_per_token: latency.secondsPerToken ?? null,
    total_seconds: latency.totalSeconds,
    ...(passes === undefined ? {} : { prefill_bound: passes.prefill.bound, decode_bound: passes.decode.bound }),
    ...(withOperators ? { passes } : {}),
    ...(remark === undefined ? {} : { remark }),
  };
}
