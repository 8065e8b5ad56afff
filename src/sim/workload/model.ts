/** What the simulator knows of a model: its dimensions, its weights, and the KV cache of a token. */

export interface ModelArchitecture {
  readonly name: string;
  readonly num_layers: number;
  readonly hidden_size: number;
  readonly num_heads: number;
  /** Heads of keys and values; fewer than `num_heads` with grouped-query attention. */
  readonly num_kv_heads?: number;
  /** Elements of a head; default: `hidden_size / num_heads`. */
  readonly head_dim?: number;
  /** Needed for computed times and weights only. */
  readonly intermediate_size?: number;
  readonly vocab_size?: number;
  readonly mlp?: "gated" | "plain";
  readonly qkv?: "separate" | "fused";
  readonly norms_per_layer?: number;
  readonly tied_embeddings?: boolean;
  readonly embedding_size?: number;
  readonly learned_positions?: number;
}

export interface ModelSize {
  /** Name of the architecture that it is a size of, if the size says. */
  readonly architecture?: string;
  /** Bytes of the weights. */
  readonly weights: number;
  /** Bytes of one element of the weights, and of KV cache and activations unless those have their own. */
  readonly dtype_size: number;
  readonly kv_dtype_size?: number;
  readonly activation_dtype_size?: number;
  /** Instead of what the dimensions give. */
  readonly kv_bytes_per_token?: number;
}

/** `grouped_query` stores keys and values of the KV heads; `multi_head` of all heads, whatever the model has (SplitwiseSim). */
export type KvCacheLayout = "grouped_query" | "multi_head";

/** Bytes of keys and values of one token in all layers. */
export function kvBytesPerToken(architecture: ModelArchitecture, size: ModelSize, layout: KvCacheLayout): number {
  if (size.kv_bytes_per_token !== undefined) return size.kv_bytes_per_token;
  const { num_layers: layers, hidden_size: hidden, num_heads: heads, head_dim: headDim } = architecture;
  const kvHeads = layout === "grouped_query" ? (architecture.num_kv_heads ?? heads) : heads;
  const kvElements = headDim === undefined ? (hidden * kvHeads) / heads : headDim * kvHeads;
  return 2 * layers * kvElements * (size.kv_dtype_size ?? size.dtype_size);
}
