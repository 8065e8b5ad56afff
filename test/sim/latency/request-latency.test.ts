import { describe, expect, it } from "vitest";
import { fewestProcessors, instanceMemory } from "../../../src/sim/latency/instance-memory.ts";
import { type LatencyRequest, requestLatency } from "../../../src/sim/latency/request-latency.ts";
import type { IterationTimes, TimedInstance } from "../../../src/sim/performance/performance-model.ts";

/** A second per prompt token, and 10 s and a second per context token for a decode. */
const TIMES: IterationTimes = {
  stretchSeconds({ promptTokens, decodes, contextTokens }, iterations) {
    if (decodes === 0) return promptTokens;
    return Array.from({ length: iterations }, (_, i) => 10 + contextTokens + i * decodes).reduce((a, b) => a + b);
  },
  iterationsWithin: () => 0,
};

const REQUEST: LatencyRequest = { promptTokens: 100, outputTokens: 4, batchSize: 2, firstToken: "prefill" };

describe("the latency of requests served together", () => {
  it("has a decode for every output token but the first, which the prefill yields", () => {
    // Two contexts of 101, 102 and 103 tokens.
    expect(requestLatency(TIMES, REQUEST)).toEqual({
      prefillSeconds: 200,
      decodeIterations: 3,
      decodeSeconds: 212 + 214 + 216,
      firstDecodeSeconds: 212,
      lastDecodeSeconds: 216,
      secondsPerToken: 214,
      totalSeconds: 842,
    });
  });

  it("has one more if the first decode yields the first token, over the prompt alone", () => {
    const latency = requestLatency(TIMES, { ...REQUEST, firstToken: "decode" });
    expect(latency).toMatchObject({ decodeIterations: 4, firstDecodeSeconds: 210, lastDecodeSeconds: 216 });
  });

  it.each([0, 1])("is that of the prefill for %d output tokens", (outputTokens) => {
    const latency = requestLatency(TIMES, { ...REQUEST, outputTokens });
    expect(latency).toMatchObject({ decodeSeconds: 0, secondsPerToken: undefined, totalSeconds: 200 });
  });
});

const INSTANCE: TimedInstance = {
  modelArchitecture: "m",
  processorName: "p",
  tensorParallelism: 2,
  processor: { name: "p", memoryBytes: 1000 },
  architecture: { name: "m", num_layers: 2, hidden_size: 8, num_heads: 4, num_kv_heads: 1 },
  size: { weights: 1100, dtype_size: 2 },
};

describe("the memory of an instance", () => {
  it("holds weights and the KV cache of all tokens of all requests", () => {
    // Keys and values: 2 x 2 layers x 2 elements x 2 bytes = 16 bytes for each of 2 x 104 tokens.
    expect(instanceMemory(INSTANCE, REQUEST, 50)).toEqual({
      capacityBytes: 2000,
      weightBytes: 1100,
      kvCacheBytes: 3328,
      activationBytes: 100,
      fits: false,
    });
  });

  it("is that of the fewest processors, a power of two, that hold it", () => {
    expect(fewestProcessors(INSTANCE, REQUEST, 64)).toBe(8);
    expect(fewestProcessors(INSTANCE, { ...REQUEST, batchSize: 1_000_000 }, 64)).toBe(64);
  });
});
