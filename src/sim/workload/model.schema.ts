/** Parameters of models and of applications. */
import Type, { type Static } from "typebox";

const closed = { additionalProperties: false };

const name = Type.String({ description: "Name by which applications and performance tables refer to it" });

/** Those without a default of their own are needed by computed times and weights, and by nothing else. */
export const architectureSchema = Type.Object(
  {
    _target_: Type.Optional(Type.Enum(["models.Architecture", "model.LLMArchitecture"])),
    name,
    num_layers: Type.Integer({ minimum: 1, description: "Transformer layers" }),
    hidden_size: Type.Integer({ minimum: 1, description: "Elements of a token's hidden state" }),
    num_heads: Type.Integer({ minimum: 1, description: "Attention heads of a layer" }),
    num_kv_heads: Type.Optional(
      Type.Integer({ minimum: 1, description: "KV heads of a layer (num_heads); fewer with grouped-query attention" }),
    ),
    head_dim: Type.Optional(Type.Integer({ minimum: 1, description: "Elements of a head (hidden_size / num_heads)" })),
    intermediate_size: Type.Optional(
      Type.Integer({ minimum: 1, description: "Elements between an MLP's projections" }),
    ),
    vocab_size: Type.Optional(Type.Integer({ minimum: 1, description: "Tokens of the vocabulary" })),
    mlp: Type.Optional(
      Type.Enum(["gated", "plain"], { description: "Three projections with a gate, or two (gated, as in Llama)" }),
    ),
    qkv: Type.Optional(
      Type.Enum(["separate", "fused"], {
        description: "Three projections to queries, keys and values, or one (separate)",
      }),
    ),
    norms_per_layer: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 8, description: "Normalisations of a layer (2)" }),
    ),
    tied_embeddings: Type.Optional(
      Type.Boolean({ description: "The output head is the embedding's matrix, stored once (false)" }),
    ),
    embedding_size: Type.Optional(
      Type.Integer({ minimum: 1, description: "Elements of an embedding, if they are not hidden_size (OPT 350M)" }),
    ),
    learned_positions: Type.Optional(
      Type.Integer({ minimum: 0, description: "Rows of a table of position embeddings, for the weights (0: none)" }),
    ),
  },
  closed,
);

const size = (description: string) => Type.Optional(Type.Integer({ minimum: 1, description }));

/** Fields of a model's `config.json` on the Hugging Face hub; further ones are let in and ignored. */
export const huggingFaceSchema = Type.Object(
  {
    _target_: Type.Enum(["models.HuggingFace"]),
    name,
    model_type: Type.Optional(Type.String({ description: "Family, such as llama, opt, gpt2 or qwen2" })),
    hidden_size: size("Elements of a token's hidden state; n_embd or d_model in older families"),
    num_hidden_layers: size("Transformer layers; or n_layer, num_layers"),
    num_attention_heads: size("Attention heads of a layer; or n_head, num_heads"),
    num_key_value_heads: size("KV heads of a layer (num_attention_heads)"),
    head_dim: Type.Optional(
      Type.Union([Type.Null(), Type.Integer({ minimum: 1 })], {
        description: "Elements of a head (hidden_size / num_attention_heads)",
      }),
    ),
    intermediate_size: size(
      "Elements between an MLP's projections; or ffn_dim, n_inner, 4 x hidden_size in gpt2 and bloom",
    ),
    vocab_size: size("Tokens of the vocabulary; or padded_vocab_size"),
    tie_word_embeddings: Type.Optional(Type.Boolean({ description: "The output head is the embedding's matrix" })),
    mlp: Type.Optional(Type.Enum(["gated", "plain"], { description: "For a family that is not known here (gated)" })),
  },
  { additionalProperties: true },
);
export type HuggingFaceParameters = Static<typeof huggingFaceSchema> & Readonly<Record<string, unknown>>;

export const modelSizeSchema = Type.Object(
  {
    _target_: Type.Optional(Type.Enum(["models.Size", "model.ModelSize"])),
    architecture: Type.Optional(
      Type.String({ description: "Architecture that it is a size of; else the one that its file's name begins with" }),
    ),
    weights: Type.Number({ minimum: 0, description: "Bytes of the weights" }),
    dtype_size: Type.Number({ exclusiveMinimum: 0, description: "Bytes of one element of the weights" }),
    kv_dtype_size: Type.Optional(
      Type.Number({ exclusiveMinimum: 0, description: "Bytes of one element of the KV cache (dtype_size)" }),
    ),
    kv_bytes_per_token: Type.Optional(
      Type.Number({
        exclusiveMinimum: 0,
        description: "Bytes of a token's KV cache, instead of what the dimensions give",
      }),
    ),
    activation_dtype_size: Type.Optional(
      Type.Number({ exclusiveMinimum: 0, description: "Bytes of one element of activations (dtype_size)" }),
    ),
  },
  closed,
);

export const applicationSchema = Type.Object(
  {
    _target_: Type.Enum(["applications.Application", "application.Application"]),
    application_id: Type.Integer({ minimum: 0, description: "By which requests of a trace name it" }),
    model_architecture: Type.String({ description: "Name of a file in the model repository" }),
    model_size: Type.String({
      description:
        "Name of a file in the model repository, or ARCHITECTURE-PRECISION: fp32, fp16, bf16, fp8, int8, int4",
    }),
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
