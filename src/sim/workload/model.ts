/** What the simulator knows of a model: its weights, and the KV cache of a token. */

export interface ModelArchitecture {
  readonly name: string;
  readonly num_layers: number;
  readonly hidden_size: number;
  readonly num_heads: number;
  /** Heads of keys and values; fewer than `num_heads` with grouped-query attention. */
  readonly num_kv_heads?: number;
}

export interface ModelSize {
  /** Name of the architecture that it is a size of, if the size says. */
  readonly architecture?: string;
  /** Bytes of the weights. */
  readonly weights: number;
  /** Bytes of one element of weights and KV cache. */
  readonly dtype_size: number;
}

/** `grouped_query` stores keys and values of the KV heads; `multi_head` of all heads, whatever the model has (SplitwiseSim). */
export type KvCacheLayout = "grouped_query" | "multi_head";

/** Bytes of keys and values of one token in all layers. */
export function kvBytesPerToken(architecture: ModelArchitecture, size: ModelSize, layout: KvCacheLayout): number {
  const { num_layers: layers, hidden_size: hidden, num_heads: heads } = architecture;
  const kvHeads = layout === "grouped_query" ? (architecture.num_kv_heads ?? heads) : heads;
  return 2 * layers * ((hidden * kvHeads) / heads) * size.dtype_size;
}
