/** Parameters of engines, one schema per class. */
import Type, { type Static } from "typebox";
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

export const engineSchemas = [continuousBatchingSchema, ...vllmSchemas] as const;
export type EngineParameters = Static<(typeof engineSchemas)[number]>;
