/** Parameters of LLM-simulator's closed form. */
import Type, { type Static } from "typebox";

export const closedFormSchema = Type.Object(
  {
    _target_: Type.Enum(["performance_models.ClosedForm"]),
    prompt_tokens_per_second: Type.Record(
      Type.String(),
      Type.Record(Type.String(), Type.Number({ exclusiveMinimum: 0 })),
      { description: "Measured prompt tokens/s, by model and by processor" },
    ),
    memory_bandwidth_utilisation: Type.Number({
      exclusiveMinimum: 0,
      maximum: 1,
      description: "Share of the memory's bytes/s that decoding reaches",
    }),
    token_phase_factor: Type.Number({ exclusiveMinimum: 0, description: "Multiplies the time of every decode" }),
    units: Type.Enum(["consistent", "mixed"], {
      description:
        "Gigabytes are 10^9 bytes throughout, or those of the KV cache kilobytes divided by 1024^2, as in LLM-simulator",
    }),
  },
  { additionalProperties: false },
);
export type ClosedFormParameters = Static<typeof closedFormSchema>;
