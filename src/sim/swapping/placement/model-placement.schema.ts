/** Parameters of placements of models. */
import Type, { type Static } from "typebox";

const closed = { additionalProperties: false };
const plain = (...targets: string[]) => Type.Object({ _target_: Type.Enum(targets) }, closed);

const staticSchema = Type.Object(
  {
    _target_: Type.Enum(["model_placements.Static"]),
    groups: Type.Record(Type.String(), Type.Array(Type.Integer({ minimum: 0 }), { minItems: 1 }), {
      description:
        "By model: numbers of the processor groups that it may be on; models that are not named take them in turn",
    }),
  },
  closed,
);
export type StaticParameters = Static<typeof staticSchema>;

const greedySchema = Type.Object(
  {
    _target_: Type.Enum(["model_placements.Greedy"]),
    replicas: Type.Integer({ minimum: 1, description: "Groups per model, at most" }),
  },
  closed,
);
export type GreedyParameters = Static<typeof greedySchema>;

export const modelPlacementSchemas = [
  plain("model_placements.FastestStart"),
  plain("model_placements.LeastLoaded"),
  staticSchema,
  greedySchema,
] as const;
export type ModelPlacementParameters = Static<(typeof modelPlacementSchemas)[number]>;
