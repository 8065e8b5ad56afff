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
    trials: Type.Integer({
      minimum: 0,
      maximum: 1000,
      description:
        "Simulations of the run before it begins: each gives one more group to the model with the most late requests, if that helps; 0: by load alone",
    }),
    ttft_target: Type.Number({
      exclusiveMinimum: 0,
      description: "Seconds to the first token from which a request is late",
    }),
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
