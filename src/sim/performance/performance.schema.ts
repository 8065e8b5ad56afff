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

export const performanceModelSchemas = [databaseSchema, constantSchema, closedFormSchema, profileSchema] as const;
export type PerformanceModelParameters = Static<(typeof performanceModelSchemas)[number]>;

const watts = (state: string) =>
  Type.Record(Type.String(), Type.Number({ minimum: 0 }), {
    description: `Watts ${state}, by processor; checked and not used: no result holds power`,
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
