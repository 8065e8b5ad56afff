/** vLLM's engines: V1, and V0 with chunked prefill or without. One instance prefills and decodes, or does either for another. */
import { ConfigError } from "../../../errors.ts";
import type { Instance } from "../../cluster/instance.ts";
import type { Requests } from "../../workload/requests.ts";
import type { Trace } from "../../workload/trace.ts";
import type { ApplicationsById, Engine, EngineContext, EngineDefinition, EngineOwner } from "../engine.ts";
import type { InstanceParameters } from "../instance-parameters.ts";
import { gpuBlocks, usableBlocks, watermarkBlocks } from "./block-count.ts";
import { type BlockPool, CountingBlockPool } from "./block-pool.ts";
import { CachingBlockPool } from "./caching-block-pool.ts";
import { checkEngine } from "./check-engine.ts";
import { checkRequests } from "./check-requests.ts";
import { PassArrivals } from "./pass-arrivals.ts";
import type { PassLimits, PassScheduler } from "./pass-scheduler.ts";
import { PrefixKeys } from "./prefix-keys.ts";
import { type RequestState, requestState } from "./request-state.ts";
import { V0Scheduler } from "./v0-scheduler.ts";
import { V1Scheduler } from "./v1-scheduler.ts";
import type { VllmParameters, VllmV0Parameters, VllmV1Parameters } from "./vllm.schema.ts";
import { VllmEngine } from "./vllm-engine.ts";
import { FcfsQueue, OrderedQueue, type RequestOrder } from "./waiting-queue.ts";

function create(context: EngineContext, instance: Instance, _: InstanceParameters, owner: EngineOwner): Engine {
  const { kernel, requests, tasks, tokenGaps, performance, config, timeline } = context;
  const parameters = config.engine as VllmParameters;
  const { kvBytesPerToken, weightBytes, timed, listener, debug } = owner;
  const bytes = { capacityBytes: instance.memory.capacityBytes, weightBytes, kvBytesPerToken };
  const blocks = gpuBlocks(parameters, bytes);
  checkEngine(parameters, instance, bytes, blocks);
  if (parameters.arrivals === "pass" && instance.index > 0) {
    throw new ConfigError("E_SCHEDULE", "E_SCHEDULE: passes of several instances are not counted together.", {
      path: "engine.arrivals",
      hint: "Use one instance, or engine.arrivals=time.",
    });
  }
  requests.outcomes.preemptions ??= new Int32Array(requests.count);
  const state = requestState(requests);
  const limits = {
    blockTokens: parameters.block_size,
    maxBatchedTokens: parameters.max_num_batched_tokens,
    maxSequences: parameters.max_num_seqs ?? Number.POSITIVE_INFINITY,
    maxModelTokens: parameters.max_model_len ?? Number.POSITIVE_INFINITY,
  };
  const isV1 = parameters._target_ === "engines.VllmV1";
  const scheduler = isV1
    ? v1Scheduler(requests, state, limits, parameters, blocks)
    : v0Scheduler(requests, state, limits, parameters, blocks);
  const refusesIdlePasses = !isV1 && parameters.idle_pass === "error";
  return new VllmEngine({
    instance,
    kernel,
    requests,
    tasks,
    state,
    scheduler,
    times: performance.iterationTimes(timed),
    listener,
    tokenGaps,
    track: timeline?.addTrack(instance),
    blockBytes: parameters.block_size * kvBytesPerToken,
    passArrivals:
      parameters.arrivals === "pass" ? new PassArrivals(parameters.queries_per_pass, refusesIdlePasses) : undefined,
    longestPromptPasses: Math.ceil(longestRequest(requests) / smallestChunk(parameters)),
    isSingleStepping: debug || parameters.stepping === "single",
    debug,
  });
}

function longestRequest({ promptTokens, outputTokens }: Requests): number {
  return promptTokens.reduce((longest, prompt, row) => Math.max(longest, prompt + outputTokens[row]), 0);
}

function smallestChunk(parameters: VllmParameters): number {
  const threshold = parameters._target_ === "engines.VllmV1" ? parameters.long_prefill_token_threshold : 0;
  return Math.min(threshold || Number.POSITIVE_INFINITY, parameters.max_num_batched_tokens);
}

function v1Scheduler(
  requests: Requests,
  state: RequestState,
  limits: PassLimits,
  parameters: VllmV1Parameters,
  blocks: number,
): PassScheduler {
  const usable = usableBlocks(parameters, blocks);
  let pool: BlockPool;
  if (parameters.enable_prefix_caching) {
    requests.outcomes.cachedPromptTokens ??= new Int32Array(requests.count);
    pool = new CachingBlockPool(usable, limits.blockTokens, state, new PrefixKeys(requests.trace, limits.blockTokens));
  } else pool = new CountingBlockPool(usable, state);
  const precedes = parameters.scheduling_policy === "priority" ? priorityOrder(requests) : undefined;
  const waiting = precedes === undefined ? new FcfsQueue() : new OrderedQueue(orderWithRows(precedes));
  return new V1Scheduler(requests, state, pool, waiting, limits, {
    chunkedPrefill: parameters.enable_chunked_prefill,
    longPrefillTokens: parameters.long_prefill_token_threshold || Number.POSITIVE_INFINITY,
    watermarkBlocks: watermarkBlocks(parameters, blocks),
    reservesFullLength: parameters.scheduler_reserve_full_isl,
    reservesOutput: parameters.reserve_output,
    precedes,
  });
}

function v0Scheduler(
  requests: Requests,
  state: RequestState,
  limits: PassLimits,
  parameters: VllmV0Parameters,
  blocks: number,
): PassScheduler {
  return new V0Scheduler(requests, state, new CountingBlockPool(blocks, state), limits, {
    chunkedPrefill: parameters.enable_chunked_prefill,
    watermarkBlocks: watermarkBlocks(parameters, blocks),
    seesTokensLate: parameters.token_visibility === "next_pass",
    latestReturnsFirst: parameters.preempted_order === "latest_first",
    forgetsInPrefill: parameters.preempted_prefill === "forget",
  });
}

/** Lower priority values first, then earlier arrivals. */
function priorityOrder({ trace: { priority }, arrivalSeconds }: Requests): RequestOrder {
  return (a, b) => {
    const difference = priority === undefined ? 0 : priority[a] - priority[b];
    return difference === 0 ? arrivalSeconds[a] < arrivalSeconds[b] : difference < 0;
  };
}

/** The row decides between equals. */
function orderWithRows(precedes: RequestOrder): RequestOrder {
  return (a, b) => precedes(a, b) || (!precedes(b, a) && a < b);
}

function checkTrace(
  trace: Trace,
  instances: readonly Instance[],
  applications: ApplicationsById,
  parameters: VllmParameters,
): void {
  if (trace.count === 0 || instances.length === 0) return;
  const blocks = instances.map(({ memory, applicationId }) =>
    gpuBlocks(parameters, {
      capacityBytes: memory.capacityBytes,
      weightBytes: memory.usedBytes,
      kvBytesPerToken: applications.get(applicationId)?.kvBytesPerToken ?? 0,
    }),
  );
  checkRequests(trace, parameters, Math.min(...blocks));
}

/** Arrivals at passes are written when they happen, so into a column of the run's own; outputs end at `max_model_len`. */
function prepareTrace(trace: Trace, { arrivals, over_length, max_model_len }: VllmParameters): Trace {
  const arrivalSeconds = arrivals === "pass" ? new Float64Array(trace.count) : trace.arrivalSeconds;
  if (over_length !== "truncate" || max_model_len === null) return { ...trace, arrivalSeconds };
  const outputTokens = trace.outputTokens.map((tokens, row) => {
    const largest = max_model_len - trace.promptTokens[row];
    // A prompt that leaves no room is refused.
    return largest > 0 ? Math.min(tokens, largest) : tokens;
  });
  return { ...trace, arrivalSeconds, outputTokens };
}

const shared = {
  create,
  checkTrace: (trace, instances, applications, config) =>
    checkTrace(trace, instances, applications, config.engine as VllmParameters),
  prepareTrace: (trace, config) => prepareTrace(trace, config.engine as VllmParameters),
} satisfies Partial<EngineDefinition>;

export const vllmV1: EngineDefinition = { targets: ["engines.VllmV1"], ...shared };
export const vllmV0: EngineDefinition = { targets: ["engines.VllmV0"], ...shared };
