import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ConfigError } from "../../../../src/errors.ts";
import { createPerformanceModel } from "../../../../src/sim/performance/index.ts";
import { analysePass, rooflinePlan } from "../../../../src/sim/performance/roofline/index.ts";
import type { ModelArchitecture } from "../../../../src/sim/workload/model.ts";
import { A100, batchOf, GROUPED, instanceOf, LLAMA, PARAMETERS } from "./instances.ts";

/** Two layers, hidden size 8, two heads of 4 elements, one KV head, MLP 16, vocabulary 32; two bytes per element. */
const TINY: ModelArchitecture = {
  name: "tiny",
  num_layers: 2,
  hidden_size: 8,
  num_heads: 2,
  num_kv_heads: 1,
  intermediate_size: 16,
  vocab_size: 32,
};
/** One operation and one byte per second: times are operations or bytes. */
const UNIT = { name: "unit", memoryBytes: 1e9, memoryBytesPerSecond: 1, peakFlops: { fp16: 1 }, onchipBytes: 1e6 };
const tiny = instanceOf({ architecture: TINY, processor: UNIT });

function analysis(batch: ReturnType<typeof batchOf>, instance = instanceOf(), more: Partial<typeof PARAMETERS> = {}) {
  return analysePass(rooflinePlan({ ...PARAMETERS, ...more }, instance), batch);
}

function work({ operators }: ReturnType<typeof analysePass>, name: string) {
  const found = operators.find((op) => op.name === name);
  if (found === undefined) throw new Error(`no ${name} among ${operators.map((op) => op.name)}`);
  return found;
}

function flopsOf({ operators }: ReturnType<typeof analysePass>, part: string): number {
  return operators
    .filter(({ name }) => name.includes(part))
    .reduce((sum, { flops, repeats }) => sum + flops * repeats, 0);
}

describe("operators, counted by hand", () => {
  test("of two decodes that attend to 10 and 30 tokens: KV caches are read by their own lengths", () => {
    const pass = analysis(batchOf([], [10, 30]), tiny);
    // 8 x 8 elements of weights, two tokens of 8 elements in and 8 out.
    expect(work(pass, "q_proj")).toMatchObject({ flops: 256, weightBytes: 128, inputBytes: 32, outputBytes: 32 });
    expect(work(pass, "k_proj")).toMatchObject({ flops: 128, weightBytes: 64, outputBytes: 0, kvWriteBytes: 16 });
    // Per query, token and head: two products of 4 elements (16 operations), 5 of the softmax. Per token: keys and values, 16 bytes.
    expect(work(pass, "decode_attention")).toMatchObject({ flops: 40 * 2 * 21, kvReadBytes: 40 * 16, inputBytes: 32 });
    expect(work(pass, "mlp_act")).toMatchObject({ inputBytes: 2 * 2 * 16 * 2, outputBytes: 2 * 16 * 2 });
    expect(work(pass, "lm_head")).toMatchObject({ flops: 2 * 8 * 32 * 2, weightBytes: 512, outputBytes: 128 });
  });

  test("of a prefill of 3 tokens: each attends to those before it and itself, and the head sees one", () => {
    const pass = analysis(batchOf([[3, 0]]), tiny);
    expect(work(pass, "prefill_attention")).toMatchObject({ flops: (1 + 2 + 3) * 2 * 21, kvReadBytes: 3 * 16 });
    expect(work(pass, "lm_head")).toMatchObject({ flops: 2 * 8 * 32, inputBytes: 16 });
  });

  test("an operator takes the longer of its operations and its bytes, in every layer", () => {
    const pass = analysis(batchOf([[3, 0]]), tiny);
    expect(work(pass, "q_proj")).toMatchObject({ seconds: 2 * 64 * 3, bound: "compute" });
    expect(work(pass, "norm")).toMatchObject({ seconds: 7 * 8 * 3, repeats: 4 });
    expect(pass.seconds).toBe(pass.operators.reduce((sum, { seconds, repeats }) => sum + seconds * repeats, 0));
  });

  test("without flash attention scores are written and read, of whole squares", () => {
    const pass = analysis(batchOf([[3, 0]]), tiny, { flash_attention: false });
    expect(work(pass, "prefill_qk_matmul")).toMatchObject({ flops: 9 * 2 * 8, outputBytes: 9 * 2 * 2 });
    expect(work(pass, "prefill_softmax")).toMatchObject({ inputBytes: 36, outputBytes: 36 });
  });
});

describe("prefills", () => {
  test("attention of a prompt is the same work in chunks as whole", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1, maxLength: 6 }), (chunks) => {
        let before = 0;
        let flops = 0;
        for (const tokens of chunks) {
          flops += flopsOf(analysis(batchOf([[tokens, before]])), "attention");
          before += tokens;
        }
        expect(flops).toBeCloseTo(flopsOf(analysis(batchOf([[before, 0]])), "attention"), -3);
      }),
    );
  });

  test("a chunk reads the keys and values of the tokens before it", () => {
    const { kvReadBytes } = work(analysis(batchOf([[512, 7680]])), "prefill_attention");
    expect(kvReadBytes).toBe(8192 * 2 * 4096 * 2);
  });

  test("share a pass with decodes in less time than a pass for each", () => {
    const [mixed, prefill, decode] = [
      batchOf([[512, 0]], [900, 900]),
      batchOf([[512, 0]]),
      batchOf([], [900, 900]),
    ].map((batch) => analysis(batch).seconds);
    expect(mixed).toBeLessThan(prefill + decode);
    expect(mixed).toBeGreaterThan(Math.max(prefill, decode));
  });
});

describe("tensor parallelism", () => {
  const decodes = batchOf([], [4000, 4000, 4000]);

  test("divides weights, KV caches and head among the processors", () => {
    const [one, four] = [1, 4].map((tensorParallelism) => analysis(decodes, instanceOf({ tensorParallelism })));
    for (const name of ["q_proj", "down_proj", "lm_head"]) {
      expect(work(four, name).weightBytes).toBe(work(one, name).weightBytes / 4);
    }
    expect(work(four, "decode_attention").kvReadBytes).toBe(work(one, "decode_attention").kvReadBytes / 4);
    expect([four.weightBytes, four.kvBytesPerToken]).toEqual([one.weightBytes / 4, one.kvBytesPerToken / 4]);
    // 2 x 32 layers x 32 heads x 128 elements x 2 bytes.
    expect(one.kvBytesPerToken).toBe(524288);
  });

  test("keeps a KV head on every processor if there are fewer than these", () => {
    const read = (tensorParallelism: number) =>
      work(analysis(decodes, instanceOf({ architecture: GROUPED, tensorParallelism })), "decode_attention").kvReadBytes;
    expect(read(16)).toBe(read(8));
    expect(read(8)).toBe(read(1) / 8);
  });

  test("adds two rings of all-reduces per layer", () => {
    const pass = analysis(
      decodes,
      instanceOf({ tensorParallelism: 4, processor: { ...A100, linkLatencySeconds: 1e-6 } }),
    );
    const { seconds, repeats, bound } = work(pass, "all_reduce");
    expect(repeats).toBe(64);
    expect(bound).toBe("network");
    // 3/4 of 3 x 4096 x 2 bytes, twice, in 6 steps.
    expect(seconds).toBeCloseTo((2 * 0.75 * 24576) / 300e9 + 6e-6, 15);
  });

  test("that does not divide the heads is refused", () => {
    expect(() => analysis(decodes, instanceOf({ tensorParallelism: 3 }))).toThrow(/cannot be divided among 3/);
  });
});

describe("what the hardware and the model do not say", () => {
  test.each([
    ["memory_bandwidth", { memoryBytesPerSecond: undefined }, 1],
    ["peak_flops.fp16", { peakFlops: undefined }, 1],
    ["onchip_buffer", { onchipBytes: undefined }, 1],
    ["interconnect_bandwidth", { linkBytesPerSecond: undefined }, 2],
  ])("%s is asked for by its name in the file", (key, missing, tensorParallelism) => {
    const instance = instanceOf({ processor: { ...A100, ...missing }, tensorParallelism });
    expect(() => analysis(batchOf([], [1]), instance)).toThrow(
      expect.objectContaining({
        label: "missing_figure",
        message: expect.stringContaining(`${key} of the processor a100-40gb`),
      }),
    );
  });

  test("dimensions of the model are, all that are missing at once", () => {
    const architecture = { name: "bare", num_layers: 2, hidden_size: 8, num_heads: 2 };
    expect(() => analysis(batchOf([], [1]), instanceOf({ architecture }))).toThrow(
      /lacks intermediate_size and vocab_size/,
    );
  });

  test("whole tasks are not timed", () => {
    const model = createPerformanceModel(PARAMETERS, { curves: [] });
    expect(() => model.taskTimes(instanceOf())).toThrow(ConfigError);
  });
});

describe("settings", () => {
  const seconds = (more: Partial<typeof PARAMETERS>, batch: ReturnType<typeof batchOf>) =>
    createPerformanceModel({ ...PARAMETERS, ...more }, { curves: [] })
      .iterationTimes(instanceOf())
      .stretchSeconds(batch, 1);

  test("half the bandwidth doubles a decode, half the operations a long prefill's products, and overheads are added", () => {
    const decode = batchOf([], [100]);
    expect(seconds({ bandwidth_efficiency: 0.5 }, decode)).toBeCloseTo(2 * seconds({}, decode), 12);
    expect(seconds({ iteration_overhead: 0.01 }, decode)).toBeCloseTo(0.01 + seconds({}, decode), 15);
    const prefill = batchOf([[4096, 0]]);
    expect(seconds({ compute_efficiency: 0.5 }, prefill)).toBeGreaterThan(1.9 * seconds({}, prefill));
  });

  test("8-bit weights and activations use the 8-bit peak, 4-bit weights alone only save bytes", () => {
    const prefill = batchOf([[4096, 0]]);
    const q = (size: Parameters<typeof instanceOf>[0]) => work(analysis(prefill, instanceOf(size)), "q_proj");
    const base = q({});
    const eight = q({ size: { weights: 7e9, dtype_size: 1 } });
    const four = q({ size: { weights: 4e9, dtype_size: 0.5, activation_dtype_size: 2, kv_dtype_size: 2 } });
    expect(eight.seconds).toBeCloseTo(base.seconds / 2, 12);
    expect([four.seconds, four.weightBytes]).toEqual([base.seconds, base.weightBytes / 4]);
  });
});

test("a decode of Llama 2 7B on an A100-40GB is bound by memory, and reads each weight once", () => {
  const pass = analysis(batchOf([], [1000]));
  expect(pass.bound).toBe("memory");
  const weights = pass.operators.reduce((sum, { weightBytes, repeats }) => sum + weightBytes * repeats, 0);
  // 6.738e9 parameters of 2 bytes (Touvron et al. 2023), less the embedding's 131e6, of which one row is read.
  expect(weights / 2).toBeCloseTo(6.738e9 - LLAMA.hidden_size * 32000, -7);
  expect(pass.seconds).toBeCloseTo(weights / 1555e9, 3);
});
