import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { BatchShape, TimedInstance } from "../../../../src/sim/performance/performance-model.ts";
import { RooflineIterationTimes, rooflinePlan } from "../../../../src/sim/performance/roofline/index.ts";
import { batchOf, GROUPED, instanceOf, PARAMETERS } from "./instances.ts";

const VARIANTS = ["corrected", "llm_viewer", "llm_serving"] as const;
/** The second processor computes so slowly that decode attention turns from bytes to operations at some 100 tokens of context. */
const INSTANCES: readonly TimedInstance[] = [
  instanceOf(),
  instanceOf({
    architecture: GROUPED,
    processor: { ...instanceOf().processor, peakFlops: { fp16: 3.883e12 }, memoryBytesPerSecond: 1000e9 },
  }),
];

const kinds = fc.record({
  variant: fc.constantFrom(...VARIANTS),
  flash_attention: fc.boolean(),
  iteration_overhead: fc.constantFrom(0, 0.002),
  instance: fc.constantFrom(...INSTANCES),
});

function timesOf({ instance, ...parameters }: { instance: TimedInstance } & Partial<typeof PARAMETERS>) {
  const all = { ...PARAMETERS, ...parameters };
  return new RooflineIterationTimes(rooflinePlan(all, instance), all.iteration_overhead);
}

/** The batch after some iterations: each decode attends to as many tokens more. */
function later(batch: BatchShape, iterations: number): BatchShape {
  return { ...batch, contextTokens: batch.contextTokens + batch.decodes * iterations };
}

const context = fc.oneof(fc.integer({ min: 1, max: 150 }), fc.integer({ min: 1, max: 4000 }));
const decodes = fc.array(context, { minLength: 1, maxLength: 40 });

describe("a stretch of decodes", () => {
  test("takes as long as its iterations one by one, whatever the variant and where the bound changes", () => {
    fc.assert(
      fc.property(kinds, decodes, fc.integer({ min: 0, max: 3000 }), (kind, contexts, iterations) => {
        const times = timesOf(kind);
        const batch = batchOf([], contexts);
        let seconds = 0;
        for (let index = 0; index < iterations; index++) seconds += times.stretchSeconds(later(batch, index), 1);
        expect(Math.abs(times.stretchSeconds(batch, iterations) - seconds)).toBeLessThanOrEqual(1e-12 * seconds);
      }),
      { numRuns: 200 },
    );
  });

  test("has ended as many iterations after some seconds as stretches of them fit", () => {
    fc.assert(
      fc.property(kinds, decodes, fc.double({ min: 0, max: 30, noNaN: true }), (kind, contexts, elapsed) => {
        const times = timesOf(kind);
        const batch = batchOf([], contexts);
        const ended = times.iterationsWithin(batch, elapsed);
        expect(times.stretchSeconds(batch, ended)).toBeLessThanOrEqual(elapsed);
        expect(times.stretchSeconds(batch, ended + 1)).toBeGreaterThan(elapsed);
      }),
    );
  });

  test("has ended exactly the iterations that it was computed for when its seconds are over", () => {
    fc.assert(
      fc.property(kinds, decodes, fc.integer({ min: 1, max: 5000 }), (kind, contexts, iterations) => {
        const times = timesOf(kind);
        const batch = batchOf([], contexts);
        expect(times.iterationsWithin(batch, times.stretchSeconds(batch, iterations))).toBe(iterations);
      }),
    );
  });

  test("changes its bound within a stretch of the second instance: the property above meets both pieces", () => {
    const times = timesOf({ instance: INSTANCES[1], flash_attention: true });
    const step = (contexts: readonly number[]) => {
      const batch = batchOf([], contexts);
      return times.stretchSeconds(later(batch, 1), 1) - times.stretchSeconds(batch, 1);
    };
    expect(step([5000])).toBeGreaterThan(1.03 * step([1]));
  });
});

describe("times that are remembered", () => {
  test("are those of a model that has not met the batch before", () => {
    const prefills = fc.array(fc.tuple(fc.integer({ min: 1, max: 9000 }), fc.nat(9000)), { maxLength: 3 });
    const batches = fc.array(
      fc.tuple(prefills, fc.array(fc.nat(4000), { maxLength: 5 })).filter(([a, b]) => a.length + b.length > 0),
      { minLength: 2, maxLength: 6 },
    );
    fc.assert(
      fc.property(kinds, batches, (kind, shapes) => {
        const times = timesOf(kind);
        for (const [own, contexts] of [...shapes, ...shapes]) {
          const batch = batchOf(own, contexts);
          expect(times.stretchSeconds(batch, 1)).toBe(timesOf(kind).stretchSeconds(batch, 1));
        }
      }),
    );
  });
});

describe("the variant llm_serving", () => {
  // specs of LLM-Serving-Simulator's own program (commit 909bd27): Llama-2-7B on an A100-40G, 1000 tokens in.
  test("gives the recorded doubles of a prefill and of a decode", () => {
    const times = timesOf({ variant: "llm_serving", instance: instanceOf() });
    expect(times.stretchSeconds(batchOf([[1000, 0]]), 1)).toBe(0.04903584416535575);
    expect(times.stretchSeconds(batchOf([], [1000]), 1)).toBe(0.008503471495819937);
  });

  test("times a decode by its batch alone, as it attends to no KV cache", () => {
    const times = timesOf({ variant: "llm_serving", instance: instanceOf() });
    expect(times.stretchSeconds(batchOf([], [9000]), 7)).toBe(7 * 0.008503471495819937);
  });
});

test("the variant llm_viewer gives the recorded times of a prefill and of a decode (Llama-2-7B, A100-80G, 1024 tokens)", () => {
  const processor = { ...instanceOf().processor, memoryBytesPerSecond: 2039e9 };
  const times = timesOf({ variant: "llm_viewer", flash_attention: false, instance: instanceOf({ processor }) });
  expect(times.stretchSeconds(batchOf([[1024, 0]]), 1)).toBeCloseTo(0.04882533937603884, 15);
  expect(times.stretchSeconds(batchOf([], [1024]), 1)).toBeCloseTo(0.006752276339382051, 15);
});

test("the variants of originals run prefills and decodes of a batch as two passes", () => {
  for (const variant of ["llm_viewer", "llm_serving"] as const) {
    const times = timesOf({ variant, instance: instanceOf() });
    const apart = times.stretchSeconds(batchOf([[700, 0]]), 1) + times.stretchSeconds(batchOf([], [40, 90]), 1);
    expect(times.stretchSeconds(batchOf([[700, 0]], [40, 90]), 1)).toBeCloseTo(apart, 15);
  }
});
