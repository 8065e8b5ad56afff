import { describe, expect, it, test } from "vitest";
import { closedFormLatency } from "../../../src/sim/latency/closed-form-latency.ts";
import { type ClosedFormInputs, closedFormFigures } from "../../../src/sim/performance/closed-form/formula.ts";

const A100 = { memoryBytesPerSecond: 2000e9, memoryBandwidthUtilisation: 0.6 };
const RTX = { memoryBytesPerSecond: 768e9, memoryBandwidthUtilisation: 0.6 };
const OPT_6_7B = { weightBytes: 13.4e9, kvBytesPerToken: 512 * 1024 };
const LLAMA_8B = { weightBytes: 16e9, kvBytesPerToken: 128 * 1024 };

function latency(inputs: Omit<ClosedFormInputs, "tokenPhaseFactor" | "units">, n: number, m: number, b = 1) {
  const request = { promptTokens: n, outputTokens: m, batchSize: b, firstToken: "decode" } as const;
  return closedFormLatency({ ...inputs, tokenPhaseFactor: 1, units: "mixed" }, request);
}

describe("LLM-simulator's published latencies are reproduced", () => {
  // Recorded from the original with the coefficients of its data files.
  test.each([
    [
      "OPT 6.7B on A100",
      { ...A100, ...OPT_6_7B, promptTokensPerSecond: 13036.076255963511 },
      1024,
      128,
      1,
      1.5645252018128704,
    ],
    [
      "OPT 6.7B on A5000",
      { ...RTX, ...OPT_6_7B, promptTokensPerSecond: 5916.350915925302 },
      4808,
      10,
      1,
      1.154456783235851,
    ],
    [
      "Llama 3 8B on A5000",
      { ...RTX, ...LLAMA_8B, promptTokensPerSecond: 5498.487945041495 },
      4808,
      10,
      1,
      1.2343932070010846,
    ],
    [
      "eight of OPT 6.7B",
      { ...A100, ...OPT_6_7B, promptTokensPerSecond: 13036.076255963511 },
      256,
      100,
      8,
      1.3732157682090735,
    ],
  ])("%s", (_, inputs, n, m, b, totalSeconds) => {
    const found = latency(inputs, n, m, b).totalSeconds;
    expect(Math.abs(found - totalSeconds)).toBeLessThanOrEqual(1e-12 * totalSeconds);
  });
});

it("consistent units count 7 % more for the KV cache than the original's mixture", () => {
  const inputs = { ...A100, ...OPT_6_7B, promptTokensPerSecond: 1, tokenPhaseFactor: 1 };
  const [consistent, mixed] = (["consistent", "mixed"] as const).map((units) =>
    closedFormFigures({ ...inputs, units }),
  );
  expect(consistent.kvGigabytes / mixed.kvGigabytes).toBeCloseTo(1024 ** 3 / 1e9, 12);
  expect(consistent.weightGigabytes).toBe(mixed.weightGigabytes);
});

it("the token phase factor multiplies the output, not the prompt", () => {
  const inputs = { ...A100, ...OPT_6_7B, promptTokensPerSecond: 13036, units: "mixed" } as const;
  const request = { promptTokens: 1024, outputTokens: 128, batchSize: 1, firstToken: "decode" } as const;
  const [plain, scaled] = [1, 1.2].map((tokenPhaseFactor) =>
    closedFormLatency({ ...inputs, tokenPhaseFactor }, request),
  );
  expect(scaled.prefillSeconds).toBe(plain.prefillSeconds);
  expect(scaled.decodeSeconds / plain.decodeSeconds).toBeCloseTo(1.2, 12);
});
