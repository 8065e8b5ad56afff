import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { createPerformanceModel } from "../../../src/sim/performance/index.ts";

const parameters = parse(
  readFileSync(new URL("../../../conf/performance_model/distserve.yaml", import.meta.url), "utf8"),
);
const KIND = {
  modelArchitecture: "opt-13b",
  processorName: "a100-80gb",
  tensorParallelism: 1,
  processor: { name: "a100-80gb", memoryBytes: 80e9 },
  architecture: { name: "opt-13b", num_layers: 40, hidden_size: 5120, num_heads: 40 },
  size: { weights: 26e9, dtype_size: 2 },
};
const NONE = {
  prefills: 0,
  promptTokens: 0,
  squaredPromptTokens: 0,
  promptContextProducts: 0,
  decodes: 0,
  contextTokens: 0,
};
const times = () => createPerformanceModel(parameters, { curves: [] }).iterationTimes(KIND);

describe("DistServe's fits", () => {
  test("give the published figures of OPT-13B on one GPU: a prefill of 512 tokens, and the decode after it", () => {
    const prefill = { ...NONE, prefills: 1, promptTokens: 512, squaredPromptTokens: 512 ** 2 };
    expect(times().stretchSeconds(prefill, 1) * 1000).toBeCloseTo(18.10254647 + 52.17907572 + 1.86705886, 6);
    expect(times().stretchSeconds({ ...NONE, decodes: 1, contextTokens: 513 }, 1) * 1000).toBeCloseTo(
      19.93470262 + 0.00062693565 * 513 + 0.03850698,
      6,
    );
  });

  test("a prompt in two chunks costs one constant more than in one", () => {
    const chunk = (promptTokens: number, before: number) => ({
      ...NONE,
      prefills: 1,
      promptTokens,
      squaredPromptTokens: promptTokens ** 2,
      promptContextProducts: promptTokens * before,
    });
    const whole = times().stretchSeconds(chunk(1000, 0), 1);
    const parts = times().stretchSeconds(chunk(600, 0), 1) + times().stretchSeconds(chunk(400, 600), 1);
    expect((parts - whole) * 1000).toBeCloseTo(18.10254647486372, 9);
  });

  test("a model without coefficients is refused with those that there are", () => {
    expect(() =>
      createPerformanceModel(parameters, { curves: [] }).iterationTimes({ ...KIND, modelArchitecture: "opt-175b" }),
    ).toThrowError(
      expect.objectContaining({ label: "unknown_instance_kind", hint: expect.stringContaining("opt-66b") }),
    );
  });
});
