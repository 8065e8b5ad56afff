import { expect, test } from "vitest";
import { architectureOf } from "../../src/inputs/hugging-face.ts";

const NAMED = { _target_: "models.HuggingFace", name: "model" } as const;

test("fields of a config.json become the architecture that they describe; others are ignored", () => {
  const fields = {
    model_type: "llama",
    hidden_size: 4096,
    num_hidden_layers: 32,
    num_attention_heads: 32,
    num_key_value_heads: 8,
    intermediate_size: 14336,
    vocab_size: 128256,
    torch_dtype: "bfloat16",
    rope_theta: 500000,
  };
  expect(architectureOf({ ...NAMED, ...fields }, "a.yaml")).toEqual({
    name: "model",
    num_layers: 32,
    hidden_size: 4096,
    num_heads: 32,
    num_kv_heads: 8,
    intermediate_size: 14336,
    vocab_size: 128256,
    mlp: "gated",
    qkv: "separate",
    tied_embeddings: false,
    learned_positions: 0,
  });
});

test("older families have names and rules of their own", () => {
  const gpt2 = {
    model_type: "gpt2",
    n_embd: 768,
    n_layer: 12,
    n_head: 12,
    vocab_size: 50257,
    n_positions: 1024,
    n_inner: null,
  };
  expect(architectureOf({ ...NAMED, ...gpt2 }, "a.yaml")).toMatchObject({
    hidden_size: 768,
    num_layers: 12,
    intermediate_size: 3072,
    mlp: "plain",
    qkv: "fused",
    tied_embeddings: true,
    learned_positions: 1024,
  });
  const qwen = {
    model_type: "qwen",
    hidden_size: 4096,
    num_hidden_layers: 32,
    num_attention_heads: 32,
    intermediate_size: 22016,
  };
  expect(architectureOf({ ...NAMED, ...qwen, vocab_size: 151936 }, "a.yaml").intermediate_size).toBe(11008);
});

test("missing fields and structures that are not modelled are named, all at once", () => {
  let error: { message: string; others: readonly { message: string }[] } | undefined;
  try {
    architectureOf({ ...NAMED, hidden_size: 64, num_local_experts: 8 }, "a.yaml");
  } catch (thrown) {
    error = thrown as typeof error;
  }
  const messages = [error, ...(error?.others ?? [])].map((one) => one?.message);
  expect(messages).toHaveLength(4);
  expect(messages[0]).toContain("mixture of experts");
  expect(messages[1]).toContain("num_hidden_layers or n_layer");
});
