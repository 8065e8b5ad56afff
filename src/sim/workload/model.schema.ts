/** Parameters of models and of applications. */
import Type, { type Static } from "typebox";

const closed = { additionalProperties: false };

export const architectureSchema = Type.Object(
  {
    _target_: Type.Optional(Type.Enum(["models.Architecture", "model.LLMArchitecture"])),
    name: Type.String({ description: "Name by which applications and performance tables refer to it" }),
    num_layers: Type.Integer({ minimum: 1, description: "Transformer layers" }),
    hidden_size: Type.Integer({ minimum: 1, description: "Elements of a token's hidden state" }),
    num_heads: Type.Integer({ minimum: 1, description: "Attention heads of a layer" }),
    num_kv_heads: Type.Optional(
      Type.Integer({ minimum: 1, description: "KV heads of a layer (num_heads); fewer with grouped-query attention" }),
    ),
  },
  closed,
);

export const modelSizeSchema = Type.Object(
  {
    _target_: Type.Optional(Type.Enum(["models.Size", "model.ModelSize"])),
    architecture: Type.Optional(
      Type.String({ description: "Architecture that it is a size of; else the one that its file's name begins with" }),
    ),
    weights: Type.Number({ minimum: 0, description: "Bytes of the weights" }),
    dtype_size: Type.Number({ exclusiveMinimum: 0, description: "Bytes of one element" }),
  },
  closed,
);

export const applicationSchema = Type.Object(
  {
    _target_: Type.Enum(["applications.Application", "application.Application"]),
    application_id: Type.Integer({ minimum: 0, description: "By which requests of a trace name it" }),
    model_architecture: Type.String({ description: "Name of a file in the model repository" }),
    model_size: Type.String({ description: "Name of a file in the model repository" }),
    allocator: Type.String({ description: "Name of an allocator in the orchestrator repository" }),
    scheduler: Type.String({ description: "Name of a scheduler in the orchestrator repository" }),
    scheduler_parameters: Type.Optional(
      Type.Record(Type.String(), Type.Unknown(), {
        description: "Parameters that differ from the scheduler's own file",
      }),
    ),
    allocator_parameters: Type.Optional(
      Type.Record(Type.String(), Type.Unknown(), {
        description: "Parameters that differ from the allocator's own file",
      }),
    ),
    overheads: Type.Optional(Type.Object({}, { ...closed, description: "Empty" })),
    debug: Type.Boolean({ description: "Write a log of every instance" }),
  },
  closed,
);
export type ApplicationParameters = Static<typeof applicationSchema>;
