/** Architectures given as the fields of a Hugging Face `config.json`: older families have names of their own for them. */
import { ConfigError, throwTogether } from "../errors.ts";
import type { HuggingFaceParameters } from "../sim/workload/model.schema.ts";
import type { ModelArchitecture } from "../sim/workload/model.ts";

const KEYS = {
  hidden_size: ["hidden_size", "n_embd", "d_model"],
  num_layers: ["num_hidden_layers", "n_layer", "num_layers", "n_layers"],
  num_heads: ["num_attention_heads", "n_head", "num_heads", "n_heads"],
  vocab_size: ["padded_vocab_size", "vocab_size"],
} as const;

/** Families whose MLPs have two matrices, no gate. */
const PLAIN_FAMILIES = new Set(["bloom", "falcon", "gpt2", "gpt_bigcode", "gpt_neo", "gpt_neox", "gptj", "opt", "phi"]);
/** Families that tie the output head to the embedding unless they say otherwise. */
const TIED_FAMILIES = new Set(["bloom", "falcon", "gemma", "gemma2", "gpt2", "gpt_bigcode", "gpt_neo", "opt"]);
const FUSED_FAMILIES = new Set(["bloom", "falcon", "gpt2", "gpt_bigcode", "gpt_neox", "qwen"]);

/** Keys whose presence means a structure that is not modelled. */
const NOT_MODELLED: Readonly<Record<string, string>> = {
  num_local_experts: "mixture of experts",
  num_experts: "mixture of experts",
  n_routed_experts: "mixture of experts",
  kv_lora_rank: "multi-head latent attention",
};

export function isHuggingFace(value: unknown): boolean {
  return (value as { readonly _target_?: unknown } | null)?._target_ === "models.HuggingFace";
}

/** Errors: ConfigError for missing fields and for structures that are not modelled, all at once. */
export function architectureOf(fields: HuggingFaceParameters, file: string): ModelArchitecture {
  const errors: ConfigError[] = [];
  for (const [key, structure] of Object.entries(NOT_MODELLED)) {
    if (!isPositiveInteger(fields[key])) continue;
    errors.push(
      new ConfigError("unsupported_model", `${fields.name} has ${key}: ${structure} is not modelled.`, {
        position: { file },
        hint: "Describe a dense model, or measure its times (performance_model=db).",
      }),
    );
  }
  const needed = (key: keyof typeof KEYS): number => {
    const value = first(fields, KEYS[key]);
    if (value !== undefined) return value;
    errors.push(
      new ConfigError("missing_key", `${fields.name} lacks ${KEYS[key].join(" or ")}.`, { position: { file } }),
    );
    return 1;
  };
  const hidden = needed("hidden_size");
  const family = fields.model_type ?? "";
  const kvHeads = first(fields, ["num_key_value_heads", "multi_query_group_num", "num_kv_heads"]);
  const headDim = first(fields, ["head_dim"]);
  const embedding = first(fields, ["word_embed_proj_dim"]);
  const architecture: ModelArchitecture = {
    name: fields.name,
    num_layers: needed("num_layers"),
    hidden_size: hidden,
    num_heads: needed("num_heads"),
    ...(kvHeads === undefined ? {} : { num_kv_heads: kvHeads }),
    ...(headDim === undefined ? {} : { head_dim: headDim }),
    intermediate_size: intermediateSize(fields, family, hidden),
    vocab_size: needed("vocab_size"),
    mlp: fields.mlp ?? (PLAIN_FAMILIES.has(family) ? "plain" : "gated"),
    qkv: FUSED_FAMILIES.has(family) ? "fused" : "separate",
    tied_embeddings: fields.tie_word_embeddings ?? TIED_FAMILIES.has(family),
    ...(embedding === undefined ? {} : { embedding_size: embedding }),
    learned_positions: learnedPositions(fields, family),
  };
  throwTogether(errors);
  return architecture;
}

/** Qwen 1 gives the sum of the widths of its gate and its up projection. */
function intermediateSize(fields: HuggingFaceParameters, family: string, hidden: number): number {
  const given = first(fields, ["intermediate_size", "ffn_dim", "n_inner", "ffn_hidden_size"]) ?? 4 * hidden;
  return family === "qwen" ? Math.floor(given / 2) : given;
}

/** OPT's table has two rows more than positions. */
function learnedPositions(fields: HuggingFaceParameters, family: string): number {
  if (family === "opt") return (first(fields, ["max_position_embeddings"]) ?? -2) + 2;
  return family === "gpt2" ? (first(fields, ["n_positions"]) ?? 0) : 0;
}

function first(fields: HuggingFaceParameters, keys: readonly string[]): number | undefined {
  for (const key of keys) {
    const value = fields[key];
    if (Object.hasOwn(fields, key) && isPositiveInteger(value)) return value;
  }
  return undefined;
}

function isPositiveInteger(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value > 0;
}
