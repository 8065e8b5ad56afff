/** Prefill instances (tag `prompt`) and decode instances (tag `token`) with local orders of their own. */
import { ConfigError, TraceError } from "../../../errors.ts";
import { definitionAmong } from "../../added-components.ts";
import { gigabytes } from "../../checks.ts";
import type { Instance } from "../../cluster/instance.ts";
import { createRandomStream } from "../../kernel/random.ts";
import { localOrders } from "../../policy/local/index.ts";
import type { LocalOrder, LocalOrderContext } from "../../policy/local/local-order.ts";
import type { RunConfig } from "../../simulation.schema.ts";
import type { Trace } from "../../workload/trace.ts";
import type { ApplicationsById, Engine, EngineContext, EngineDefinition, EngineOwner } from "../engine.ts";
import { GapCounter } from "../gap-counter.ts";
import type { InstanceParameters } from "../instance-parameters.ts";
import { DecodeEngine } from "./decode-engine.ts";
import type { DisaggregatedParameters } from "./disaggregated.schema.ts";
import { EventSamples } from "./event-samples.ts";
import { KvRoom } from "./kv-room.ts";
import { PrefillEngine, PromptTimes } from "./prefill-engine.ts";
import { returnCosts } from "./return-costs.ts";
import { victimsOf } from "./victims.ts";

/** What the engines of one simulation share. */
interface Shared {
  readonly samples: EventSamples | undefined;
  prefillInstances: number;
  decodeInstances: number;
}

const shared = new WeakMap<EngineContext, Shared>();

function sharedOf(context: EngineContext): Shared {
  let found = shared.get(context);
  if (found === undefined) {
    const { sample_rate: rate } = context.config.engine as DisaggregatedParameters;
    const samples = rate > 0 ? new EventSamples(context.config.seed, rate) : undefined;
    found = { samples, prefillInstances: 0, decodeInstances: 0 };
    shared.set(context, found);
  }
  return found;
}

function create(context: EngineContext, instance: Instance, _limits: InstanceParameters, owner: EngineOwner): Engine {
  const parameters = context.config.engine as DisaggregatedParameters;
  const common = sharedOf(context);
  const { kernel, requests, tasks, performance } = context;
  const { listener, kvBytesPerToken, debug } = owner;
  const times = performance.iterationTimes(owner.timed);
  const prompts = new PromptTimes(times);
  const { samples } = common;
  const parts = { instance, kernel, requests, tasks, listener, samples, track: context.timeline?.addTrack(instance) };
  if (instance.tag === "prompt") {
    const order = orderOf("prefill_local", context, instance, {
      tokens: (request) => requests.promptTokens[request],
      workSeconds: (request) => prompts.one(requests.promptTokens[request]),
    });
    return new PrefillEngine(
      { ...parts, number: common.prefillInstances++, times: prompts, order },
      {
        batchTokens: parameters.prefill_batch_tokens,
        holdsMemory: parameters.prefill_memory === "held",
        kvBytesPerToken,
        countsShorterOnly: parameters.load_estimate === "shorter",
      },
    );
  }
  if (instance.tag !== "token") {
    throw new ConfigError(
      "untagged_instance",
      "engine=disaggregated runs instances that prefill, and others that decode.",
      {
        path: "start_state",
        hint: "Use start_state=splitwise, which makes pools of both.",
      },
    );
  }
  let engine: DecodeEngine | undefined;
  const tokens = (request: number) => engine?.tokens(request) ?? 0;
  const order = orderOf("decode_local", context, instance, {
    tokens,
    workSeconds: (request) => tasks.remainingTokens[request],
  });
  engine = new DecodeEngine(
    {
      ...parts,
      number: common.decodeInstances++,
      times,
      order,
      room: new KvRoom(capacityBytes(parameters, instance, owner), kvBytesPerToken, parameters.block_tokens),
      victims: victimsOf(parameters.victims),
      returnCosts: returnCosts(parameters, prompts, kvBytesPerToken),
      gaps: new GapCounter(context.tokenGaps),
      debug,
    },
    {
      reserves: parameters.admission === "reserve",
      stepsSingly: parameters.stepping === "single" || parameters.sample_rate > 0,
      rewritesLengths: parameters.evicted_lengths === "rewritten",
      tokensBefore: parameters.first_token === "prefill" ? 1 : 0,
    },
  );
  return engine;
}

/** Memory for KV caches beside the weights. */
function capacityBytes(
  { memory }: Pick<DisaggregatedParameters, "memory">,
  instance: Instance,
  { timed, weightBytes }: Pick<EngineOwner, "timed" | "weightBytes">,
): number {
  return memory === "instance"
    ? instance.memory.capacityBytes - weightBytes
    : instance.processor.memoryBytes - weightBytes / timed.tensorParallelism;
}

function orderOf(
  group: "prefill_local" | "decode_local",
  { config, requests, milpSolver, addedLocalOrders }: EngineContext,
  instance: Instance,
  view: Pick<LocalOrderContext, "tokens" | "workSeconds">,
): LocalOrder {
  const parameters = config[group];
  if (parameters === undefined) {
    throw new ConfigError("missing_policy", `engine=disaggregated needs a policy in ${group}.`, {
      path: group,
      hint: `For example +${group}=fcfs; conf/engine/disaggregated.yaml brings one.`,
    });
  }
  const stream = createRandomStream(config.seed, `instances.${instance.index}.${group}`);
  return definitionAmong(localOrders, addedLocalOrders, parameters._target_).create(
    { requests, ...view, choose: (count) => stream.below(count), solver: milpSolver },
    parameters,
  );
}

/** Requests that no instance could ever hold, all of them, before the first event. */
function checkTrace(
  trace: Trace,
  instances: readonly Instance[],
  applications: ApplicationsById,
  config: RunConfig,
): void {
  const parameters = config.engine as DisaggregatedParameters;
  if (parameters.admission === "overshoot") return;
  let smallest: { bytes: number; label: string } | undefined;
  for (const { tag, memory, label } of instances) {
    if (tag === "prompt" && parameters.prefill_memory === "ignored") continue;
    const bytes = memory.capacityBytes - memory.usedBytes;
    if (smallest === undefined || bytes < smallest.bytes) smallest = { bytes, label };
  }
  if (smallest === undefined) return;
  const tooLarge: number[] = [];
  for (let row = 0; row < trace.count; row++) {
    const perToken = applications.get(trace.applicationId[row])?.kvBytesPerToken ?? 0;
    const blocks = Math.ceil((trace.promptTokens[row] + trace.outputTokens[row]) / parameters.block_tokens);
    if (blocks * parameters.block_tokens * perToken > smallest.bytes) tooLarge.push(row);
  }
  if (tooLarge.length === 0) return;
  const named = tooLarge.slice(0, 10).map((row) => String(trace.requestId[row]));
  throw new TraceError(
    `${tooLarge.length} requests can never be served on ${smallest.label}, which has ${gigabytes(smallest.bytes)} for KV caches: ${named.join(", ")}${tooLarge.length > 10 ? ", ..." : ""}.`,
    { file: trace.source, line: trace.lines?.[tooLarge[0]] },
    { hint: "Use larger instances (start_state, another SKU), engine.admission=overshoot, or drop the requests." },
  );
}

export const disaggregated: EngineDefinition = {
  targets: ["engines.Disaggregated"],
  ordersLocally: true,
  firstToken: (parameters) => (parameters as DisaggregatedParameters).first_token,
  remainingBytes(parameters, { bytes, prefillSeconds, layers, bytesPerSecond }) {
    if ((parameters as DisaggregatedParameters).transfer_overlap === "none") return bytes;
    // A layer can travel as soon as it is computed, and the last one only after the prefill.
    const sent = (bytesPerSecond * prefillSeconds * (layers - 1)) / layers;
    return Math.max(bytes / layers, bytes - sent);
  },
  eventSamples: (context) => shared.get(context)?.samples?.rows,
  create,
  checkTrace,
};
