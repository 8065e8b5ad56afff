/** Instances whose load a test sets, for schedulers. */
import { Instance } from "../../../src/sim/cluster/instance.ts";
import type { Engine } from "../../../src/sim/engine/engine.ts";
import { ByteMemory } from "../../../src/sim/memory/byte-memory.ts";
import type { SchedulerParameters } from "../../../src/sim/scheduler/scheduler.schema.ts";
import type { KvTokenJsqVariant, SchedulerContext } from "../../../src/sim/scheduler/scheduler.ts";
import { Requests } from "../../../src/sim/workload/requests.ts";
import { traceOf } from "../inputs.ts";

export interface StubLoad {
  readonly tag?: "prompt" | "token";
  readonly pendingRequests?: number;
  readonly pendingTasks?: number;
  readonly pendingTokens?: number;
  readonly committedBytes?: number;
}

const CAPACITY_BYTES = 1000;

export function stubInstance(index: number, load: StubLoad = {}): Instance {
  const instance = new Instance(
    {
      index,
      id: index,
      applicationId: 0,
      processor: { name: "gpu", memoryBytes: CAPACITY_BYTES },
      tag: load.tag ?? null,
    },
    new ByteMemory(CAPACITY_BYTES, 0),
    new Float64Array(0),
  );
  instance.pendingTokens = load.pendingTokens ?? 0;
  instance.committedBytes = load.committedBytes ?? 0;
  instance.engine = {
    pendingRequests: load.pendingRequests ?? 0,
    pendingTasks: load.pendingTasks ?? 0,
  } as Engine;
  return instance;
}

/** Requests of 10 prompt tokens and 6 output tokens, one byte of KV cache per token. */
export function schedulerContext(
  choose: (count: number) => number = () => 0,
  kvTokenJsq: KvTokenJsqVariant = "counted",
): SchedulerContext {
  const rows = Array.from({ length: 100 }, () => ({ arrival: 0, prompt: 10, output: 6 }));
  return {
    requests: new Requests(traceOf(rows)),
    kvTokenJsq,
    kvBytes: (_request, tokens) => tokens,
    choose,
    globalPolicies: {
      prefill_global: { _target_: "global_policies.LowestLoad", by: "queue" },
      decode_global: { _target_: "global_policies.RoundRobin" },
    },
    chooseFor: (_decision, count) => choose(count),
  };
}

/** Parameters that any scheduler accepts. */
export const SCHEDULER_PARAMETERS = {
  _target_: "schedulers.MixedPool",
  executor_overheads: { submit_task: 0, submit_flow: 0, finish_request: 0 },
  transfer_bandwidth: 200,
  prompt_max_pending_batch_tokens: 100,
  decode_binding: "arrival",
} as SchedulerParameters;
