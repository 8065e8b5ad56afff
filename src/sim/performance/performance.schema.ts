/** Parameters of performance and power models. */
import Type, { type Static } from "typebox";
import { closedFormSchema } from "./closed-form/closed-form.schema.ts";
import { profileSchema } from "./profile/profile.schema.ts";

const closed = { additionalProperties: false };

const databaseSchema = Type.Object(
  {
    _target_: Type.Enum(["performance_models.Database", "performance_model.DatabasePerformanceModel"]),
    db_path: Type.String({ description: "CSV file of measured iteration times, ours or SplitwiseSim's" }),
  },
  closed,
);

const constantSchema = Type.Object(
  {
    _target_: Type.Enum(["performance_models.Constant", "performance_model.ConstantPerformanceModel"]),
    prompt_time: Type.Number({ exclusiveMinimum: 0, description: "Seconds of every whole prefill" }),
    token_time: Type.Number({ exclusiveMinimum: 0, description: "Seconds of every whole decode" }),
  },
  closed,
);
export type ConstantParameters = Static<typeof constantSchema>;

const fraction = (of: string) =>
  Type.Number({ exclusiveMinimum: 0, maximum: 1, description: `Fraction of the data sheet's ${of} that is attained` });

const rooflineSchema = Type.Object(
  {
    _target_: Type.Enum(["performance_models.Roofline"]),
    variant: Type.Enum(["corrected", "llm_viewer", "llm_serving"], {
      description: "Operators as they are, or as LLM-Viewer or LLM-Serving-Simulator count them, to their doubles",
    }),
    flash_attention: Type.Boolean({ description: "Attention in one fused operator that writes no scores" }),
    compute_efficiency: fraction("operations/s"),
    bandwidth_efficiency: fraction("memory bandwidth"),
    network_efficiency: fraction("bandwidth between processors"),
    iteration_overhead: Type.Number({ minimum: 0, description: "Seconds of an iteration beside its operators" }),
  },
  closed,
);
export type RooflineParameters = Static<typeof rooflineSchema>;

const coefficients = (terms: string) =>
  Type.Array(Type.Number(), { minItems: 3, maxItems: 3, description: `Milliseconds: ${terms}` });

const distServeSchema = Type.Object(
  {
    _target_: Type.Enum(["performance_models.DistServe"]),
    fit: Type.String({ description: "Which of the fits: the engine that was measured" }),
    fits: Type.Array(
      Type.Object(
        {
          fit: Type.String({ description: "The engine that was measured" }),
          model: Type.String({ description: "Name of an architecture" }),
          tensor_parallelism: Type.Integer({ minimum: 1, description: "Processors that share each layer" }),
          prefill: coefficients("constant, per prompt token, per squared prompt"),
          decode: coefficients("constant, per token of context, per request"),
          large_decode: coefficients("the same, of large batches"),
        },
        closed,
      ),
      { description: "Coefficients by engine, model and tensor parallelism" },
    ),
    appendix_fits: Type.Optional(
      Type.Array(
        Type.Object(
          {
            fit: Type.String({ description: "As above" }),
            model: Type.String({ description: "Name of an architecture" }),
            tensor_parallelism: Type.Integer({ minimum: 1, description: "Processors that share each layer" }),
            hidden_size: Type.Integer({ minimum: 1, description: "h" }),
            ffn_size: Type.Integer({ minimum: 1, description: "m" }),
            attention_block: Type.Integer({ minimum: 1, description: "b, the block size of the attention kernel" }),
            constants: Type.Array(Type.Number(), { minItems: 5, maxItems: 5, description: "C1 to C5, milliseconds" }),
          },
          closed,
        ),
        {
          description:
            "Further fits as the paper's appendix A writes them: prefill C1 (4th^2 + 2thm) + C2 3h t2 / b + C3, decode C4 (4h^2 + 2hm) + C5 3ht",
        },
      ),
    ),
    large_decode_batch: Type.Integer({ minimum: 1, description: "Requests from which a batch of decodes is large" }),
  },
  closed,
);
export type DistServeParameters = Static<typeof distServeSchema>;

export const performanceModelSchemas = [
  databaseSchema,
  constantSchema,
  closedFormSchema,
  profileSchema,
  rooflineSchema,
  distServeSchema,
] as const;
export type PerformanceModelParameters = Static<(typeof performanceModelSchemas)[number]>;

const watts = (state: string) =>
  Type.Record(Type.String(), Type.Number({ minimum: 0 }), {
    description: `Watts ${state}, by processor; for the column power_watts of samples.csv`,
  });

export const powerModelSchemas = [
  Type.Object(
    {
      _target_: Type.Enum(["power_models.Constant", "power_model.ConstantPowerModel"]),
      idle_power: watts("when idle"),
      prompt_power: watts("in a prefill"),
      token_power: watts("in a decode"),
    },
    closed,
  ),
] as const;
