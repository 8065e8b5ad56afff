/** Parameters of the profile model. */
import Type, { type Static } from "typebox";

export const profileSchema = Type.Object(
  {
    _target_: Type.Enum(["performance_models.Profile"]),
    path: Type.String({ description: "JSON profile of an engine's passes, in VllmSimulator's format" }),
    pass_overhead: Type.Number({ minimum: 0, description: "Seconds added to every pass, for what was not measured" }),
  },
  { additionalProperties: false },
);
export type ProfileParameters = Static<typeof profileSchema>;
