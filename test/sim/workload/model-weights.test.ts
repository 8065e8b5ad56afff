import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { architectureOf, isHuggingFace } from "../../../src/inputs/hugging-face.ts";
import { kvBytesPerToken, type ModelArchitecture } from "../../../src/sim/workload/model.ts";
import { dimensionsOf } from "../../../src/sim/workload/model-dimensions.ts";
import { computedSize, layerParameters } from "../../../src/sim/workload/model-weights.ts";

const FOLDER = new URL("../../../conf/model_repo/architectures/", import.meta.url);
const architectures = new Map(
  readdirSync(FOLDER).map((file) => {
    const item = parse(readFileSync(new URL(file, FOLDER), "utf8"));
    const architecture: ModelArchitecture = isHuggingFace(item) ? architectureOf(item, file) : item;
    return [architecture.name, architecture];
  }),
);

function shipped(name: string): ModelArchitecture {
  const architecture = architectures.get(name);
  if (architecture === undefined) throw new Error(`no ${name}`);
  return architecture;
}

test("Llama's weights are the published parameters, which have no biases", () => {
  // Parameters of the safetensors on the Hugging Face hub.
  const published = { "llama2-7b": 6_738_415_616, "llama2-13b": 13_015_864_320, "llama3-8b": 8_030_261_248 };
  for (const [name, parameters] of Object.entries(published)) {
    expect(computedSize(`${name}-fp16`, shipped(name))?.weights).toBe(2 * parameters);
  }
});

test.each([
  ["gpt2", 124_439_808],
  ["opt-125m", 125_239_296],
  ["opt-350m", 331_196_416],
  ["opt-6.7b", 6_658_473_984],
  ["opt-175b", 175e9],
  ["bloom-176b", 176_247_271_424],
  ["qwen-7b", 7_721_324_544],
  ["qwen2.5-7b", 7_615_616_512],
  ["llama2-70b", 68_976_648_192],
  ["llama3-70b", 70_553_706_496],
  ["llama-33b", 32.5e9],
])("the weights of %s are its published parameters but for biases (0.3 %)", (name, parameters) => {
  const weights = computedSize(`${name}-bf16`, shipped(name))?.weights ?? 0;
  expect(Math.abs(weights / 2 / parameters - 1)).toBeLessThan(0.003);
});

test("every shipped model has what computed times need", () => {
  for (const architecture of architectures.values())
    expect(layerParameters(dimensionsOf(architecture))).toBeGreaterThan(0);
});

// Table of LLM-simulator (commit 01bcd95), its known error for Llama-3-8B-Instruct corrected.
test.each([
  ["opt-125m", 36],
  ["opt-1.3b", 192],
  ["opt-6.7b", 512],
  ["opt-30b", 1344],
  ["llama3-8b", 128],
  ["qwen-7b", 512],
  ["llama2-13b", 800],
])("a token of %s caches %d KiB in 16 bits", (name, kibibytes) => {
  const size = { weights: 0, dtype_size: 2 };
  expect(kvBytesPerToken(shipped(name), size, "grouped_query")).toBe(kibibytes * 1024);
});

test("quantised sizes shrink the layers and leave embeddings, activations and KV cache at 16 bits", () => {
  const architecture = shipped("llama3-8b");
  const fp16 = computedSize("llama3-8b-fp16", architecture)?.weights ?? 0;
  const int4 = computedSize("llama3-8b-int4", architecture);
  expect(int4).toMatchObject({ dtype_size: 0.5, kv_dtype_size: 2, activation_dtype_size: 2 });
  expect(int4?.weights).toBe(fp16 - 1.5 * layerParameters(dimensionsOf(architecture)));
});

test("a name that is no precision of the architecture is no size", () => {
  for (const name of ["llama3-8b", "llama3-8b-fp17", "llama3-8b-constructor", "llama3-70b-fp16"]) {
    expect(computedSize(name, shipped("llama3-8b"))).toBeUndefined();
  }
});
