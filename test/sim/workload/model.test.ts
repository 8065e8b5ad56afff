import { describe, expect, test } from "vitest";
import { kvBytesPerToken } from "../../../src/sim/workload/model.ts";

// Layers, hidden sizes and heads as published; bytes per token = 2 (keys, values) x layers x KV width x bytes per element.
const FP16 = { weights: 0, dtype_size: 2 };
const BLOOM = { name: "bloom-176b", num_layers: 70, hidden_size: 14336, num_heads: 112 };
const LLAMA2 = { name: "llama2-70b", num_layers: 80, hidden_size: 8192, num_heads: 64, num_kv_heads: 8 };

describe("kvBytesPerToken", () => {
  test("of BLOOM 176B is 4,014,080 in both layouts: it has no grouped queries", () => {
    expect(kvBytesPerToken(BLOOM, FP16, "multi_head")).toBe(4_014_080);
    expect(kvBytesPerToken(BLOOM, FP16, "grouped_query")).toBe(4_014_080);
  });

  test("of Llama 2 70B is 2,621,440 for all heads (SplitwiseSim) and an eighth of it for its 8 KV heads", () => {
    expect(kvBytesPerToken(LLAMA2, FP16, "multi_head")).toBe(2_621_440);
    expect(kvBytesPerToken(LLAMA2, FP16, "grouped_query")).toBe(327_680);
  });

  test("is proportional to the bytes of an element", () => {
    expect(kvBytesPerToken(LLAMA2, { ...FP16, dtype_size: 1 }, "grouped_query")).toBe(163_840);
    expect(kvBytesPerToken(LLAMA2, { ...FP16, dtype_size: 0.5 }, "grouped_query")).toBe(81_920);
  });
});
