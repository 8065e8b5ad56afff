/** The dimensions from which times and weights are computed, with the defaults of an architecture filled in. */
import { ConfigError } from "../../errors.ts";
import type { ModelArchitecture, ModelSize } from "./model.ts";

export interface ModelDimensions {
  readonly layers: number;
  readonly hidden: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headDim: number;
  readonly intermediate: number;
  readonly vocabulary: number;
  /** Elements of an embedding and of the output head's input. */
  readonly embedding: number;
  readonly isGated: boolean;
  readonly isQkvFused: boolean;
  readonly normsPerLayer: number;
}

/** Bytes per element. */
export interface ElementBytes {
  readonly weight: number;
  readonly activation: number;
  readonly kv: number;
}

/** Errors: ConfigError that names the keys of the architecture which are missing. */
export function dimensionsOf(architecture: ModelArchitecture): ModelDimensions {
  const { name, hidden_size: hidden, num_heads: heads, intermediate_size, vocab_size } = architecture;
  if (intermediate_size === undefined || vocab_size === undefined) {
    const missing = [intermediate_size === undefined && "intermediate_size", vocab_size === undefined && "vocab_size"];
    throw new ConfigError(
      "missing_figure",
      `Times and weights cannot be computed for ${name}: its architecture lacks ${missing.filter(Boolean).join(" and ")}.`,
      { path: "model_repo.architectures", hint: `Add what is missing to the file of ${name} in that folder.` },
    );
  }
  return {
    layers: architecture.num_layers,
    hidden,
    heads,
    kvHeads: architecture.num_kv_heads ?? heads,
    headDim: architecture.head_dim ?? Math.floor(hidden / heads),
    intermediate: intermediate_size,
    vocabulary: vocab_size,
    embedding: architecture.embedding_size ?? hidden,
    isGated: architecture.mlp !== "plain",
    isQkvFused: architecture.qkv === "fused",
    normsPerLayer: architecture.norms_per_layer ?? 2,
  };
}

export function elementBytesOf(size: ModelSize): ElementBytes {
  const { dtype_size, kv_dtype_size = dtype_size, activation_dtype_size = dtype_size } = size;
  return { weight: dtype_size, activation: activation_dtype_size, kv: kv_dtype_size };
}
