/** Parameters of schedulers, one schema per class. */
import Type, { type Static } from "typebox";

const closed = { additionalProperties: false };
const seconds = (step: string) => Type.Number({ minimum: 0, description: `Seconds to ${step}` });

const base = {
  name: Type.Optional(Type.String({ description: "Name by which applications refer to this file" })),
  overheads: Type.Optional(Type.Object({}, { ...closed, description: "Empty" })),
  executor_overheads: Type.Object(
    {
      submit_task: seconds("submit a prefill or decode"),
      submit_flow: seconds("submit a KV-cache transfer"),
      finish_request: seconds("finish a request"),
    },
    { ...closed, description: "Time that the executor needs" },
  ),
};

function named(...targets: string[]) {
  return Type.Object({ _target_: Type.Enum(targets), ...base }, closed);
}

const transfer = {
  transfer_bandwidth: Type.Number({ exclusiveMinimum: 0, description: "GiB/s of every KV-cache transfer" }),
  prompt_processors: Type.Optional(Type.Array(Type.String(), { description: "SplitwiseSim's key; not read" })),
  token_processors: Type.Optional(Type.Array(Type.String(), { description: "SplitwiseSim's key; not read" })),
};

function transferring(...targets: string[]) {
  return Type.Object({ _target_: Type.Enum(targets), ...base, ...transfer }, closed);
}

const mixedPoolSchema = Type.Object(
  {
    _target_: Type.Enum(["schedulers.MixedPool", "scheduler.MixedPoolScheduler"]),
    ...base,
    ...transfer,
    prompt_max_pending_batch_tokens: Type.Number({
      minimum: 0,
      description: "Pending tokens above which an instance with a queue gets no further prompt",
    }),
    token_max_pending_batch_tokens: Type.Optional(Type.Number({ description: "SplitwiseSim's key; not read" })),
  },
  closed,
);

const disaggregatedSchema = Type.Object(
  {
    _target_: Type.Enum(["schedulers.Disaggregated"]),
    ...base,
    transfer_bandwidth: transfer.transfer_bandwidth,
    decode_binding: Type.Enum(["arrival", "prefill_end", "transfer_end"], {
      description: "When the instance of a decode is chosen; at the end of a transfer its network does not limit that",
    }),
  },
  closed,
);
export type DisaggregatedSchedulerParameters = Static<typeof disaggregatedSchema>;

export const schedulerSchemas = [
  named("schedulers.RoundRobin", "scheduler.RoundRobinScheduler"),
  named("schedulers.Random", "scheduler.RandomScheduler"),
  named("schedulers.Jsq", "scheduler.JSQScheduler"),
  named("schedulers.TokenJsq", "scheduler.TokenJSQScheduler"),
  transferring("schedulers.KvRoundRobin", "scheduler.KVRoundRobinScheduler"),
  transferring("schedulers.KvJsq", "scheduler.KVJSQScheduler"),
  transferring("schedulers.OverlapKvJsq", "scheduler.OverlapKVJSQScheduler"),
  transferring("schedulers.KvTokenJsq", "scheduler.KVTokenJSQScheduler"),
  transferring("schedulers.OverlapKvTokenJsq", "scheduler.OverlapKVTokenJSQScheduler"),
  mixedPoolSchema,
  disaggregatedSchema,
] as const;
export type SchedulerParameters = Static<(typeof schedulerSchemas)[number]>;

export const allocatorSchemas = [
  Type.Object(
    {
      _target_: Type.Enum(["allocators.NoOp", "allocator.NoOpAllocator"]),
      overheads: Type.Optional(
        Type.Object(
          {
            spin_up: seconds("start an instance, which serves from then on (see simulation.initial_instances)"),
            spin_down: seconds("stop one; no effect, as no allocator stops instances"),
          },
          closed,
        ),
      ),
      instance_overheads: Type.Optional(
        Type.Object(
          {
            run: seconds("start tasks: before the first iteration of those that join a batch, however many"),
            preempt: seconds("preempt tasks: before the iteration for which they leave the batch, however many"),
          },
          closed,
        ),
      ),
    },
    closed,
  ),
  Type.Object({ _target_: Type.Enum(["allocators.ModelSwapping"]) }, closed),
] as const;
export type AllocatorParameters = Static<(typeof allocatorSchemas)[number]>;
