/** Parameters of engines, one schema per class. */
import Type, { type Static } from "typebox";
import { disaggregatedSchema } from "./disaggregated/disaggregated.schema.ts";
import { vllmSchemas } from "./vllm/vllm.schema.ts";

const closed = { additionalProperties: false };

const continuousBatchingSchema = Type.Object(
  {
    _target_: Type.Enum(["engines.ContinuousBatching"]),
    admission: Type.Enum(["request", "task"], {
      description:
        "KV cache reserved when a prefill is admitted: of the whole request, or of the task alone (DEFAULT instances then ask for none)",
    }),
    decode_submission: Type.Enum(["after_prefill", "with_prefill"], {
      description: "When a decode joins the queue of its instance",
    }),
    ageing: Type.Enum(["preemptions", "waited_starts"], {
      description: "What max_preemptions counts: preemptions, or iterations that started while the task waited",
    }),
    interruption: Type.Enum(["any_prefill", "within_budget"], {
      description: "Which arrivals end a stretch of decodes early: any prefill, or a task that fits max_batch_tokens",
    }),
    transfer_retry: Type.Enum(["on_release", "every_second"], {
      description: "When a KV transfer that found no memory is tried again",
    }),
  },
  closed,
);
export type ContinuousBatchingParameters = Static<typeof continuousBatchingSchema>;

const pipelineSchema = Type.Object(
  {
    _target_: Type.Enum(["engines.Pipeline"]),
    first_token: Type.Enum(["prefill", "decode"], {
      description: "Who yields the first output token: the prefill, or the first iteration of the decode",
    }),
    prefill_batch_tokens: Type.Union([Type.Null(), Type.Integer({ minimum: 1 })], {
      description: "Most tokens of a prefill batch; null: the capacity of the KV cache",
    }),
    decode_batch_tokens: Type.Integer({ minimum: 1, description: "Most context tokens of a decode batch" }),
    prefill_stage_overhead: Type.Number({
      minimum: 0,
      description: "Seconds that a prefill costs in a stage for every stage of the pipeline",
    }),
    first_stage_overhead: Type.Number({ minimum: 0, description: "Seconds of every iteration of the first stage" }),
    first_stage_overhead_per_token: Type.Number({ minimum: 0, description: "Further seconds per token of context" }),
    capacities: Type.Record(
      Type.String(),
      Type.Array(Type.Array(Type.Integer({ minimum: 1 }), { minItems: 3, maxItems: 3 })),
      {
        description:
          "Tokens of the KV cache by model: rows of tensor parallelism, pipeline parallelism, tokens; what is missing is computed from memory",
      },
    ),
  },
  closed,
);
export type PipelineParameters = Static<typeof pipelineSchema>;

export const engineSchemas = [continuousBatchingSchema, pipelineSchema, disaggregatedSchema, ...vllmSchemas] as const;
export type EngineParameters = Static<(typeof engineSchemas)[number]>;
