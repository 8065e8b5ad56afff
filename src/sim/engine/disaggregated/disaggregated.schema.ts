/** Parameters of engines of prefill and decode instances. */
import Type, { type Static } from "typebox";

export const disaggregatedSchema = Type.Object(
  {
    _target_: Type.Enum(["engines.Disaggregated"]),
    first_token: Type.Enum(["prefill", "decode"], {
      description: "Who yields the first output token: the prefill, or the first iteration of the decode",
    }),
    prefill_batch_tokens: Type.Integer({
      minimum: 0,
      description: "Whole prompts that are computed together: most tokens; 0: one prompt at a time",
    }),
    prefill_memory: Type.Enum(["held", "ignored"], {
      description: "KV caches fill the memory of prefill instances until they are sent, or take none there",
    }),
    memory: Type.Enum(["instance", "processor"], {
      description: "Memory for KV caches: of all processors of an instance, or of one of them",
    }),
    block_tokens: Type.Integer({ minimum: 1, description: "Tokens of a block of KV cache" }),
    admission: Type.Enum(["reserve", "overshoot"], {
      description: "A request joins a decode batch if it fits, or whenever anything is free",
    }),
    victims: Type.Enum(["last_in", "first_in", "shortest", "longest", "all"], {
      description: "Who leaves a decode batch that outgrows the memory: one after the other until it fits, or all",
    }),
    eviction: Type.Enum(["recompute", "swap", "free"], {
      description: "How a victim gets its KV cache back: computed again, moved to the host and back, or at no cost",
    }),
    swap_bandwidth: Type.Number({ exclusiveMinimum: 0, description: "Bytes/s to and from the host" }),
    evicted_lengths: Type.Enum(["kept", "rewritten"], {
      description: "Lengths and start of the decode of a victim as results show them: its own, or of what is left",
    }),
    load_estimate: Type.Enum(["all", "shorter"], {
      description: "Waiting prompts that count for the load by time: all, or those shorter than the one to be placed",
    }),
    transfer_overlap: Type.Enum(["none", "layer_wise"], {
      description: "KV caches travel after the prefill, or layer by layer as they are computed",
    }),
    stepping: Type.Enum(["stretch", "single"], {
      description:
        "Events of decode instances: one for all iterations of an unchanged batch, or one each. Equal results, but that policies which look at memory see it as of the last event",
    }),
    sample_rate: Type.Number({
      minimum: 0,
      maximum: 1,
      description:
        "Share of decode steps and prefill starts that LLM-Serving-Simulator's samples are taken of (with stepping=single)",
    }),
  },
  { additionalProperties: false },
);
export type DisaggregatedParameters = Static<typeof disaggregatedSchema>;
