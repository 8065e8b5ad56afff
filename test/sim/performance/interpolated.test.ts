import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SimulationError } from "../../../src/errors.ts";
import { InterpolatedIterationTimes, interpolate } from "../../../src/sim/performance/interpolated.ts";

/** Slopes 2, 0 and -1 (so that extrapolation to the right falls). */
const XS = [1, 3, 5, 9];
const YS = [10, 14, 14, 10];

describe("interpolate", () => {
  test.each([
    ["between knots", 2, 12],
    ["at the first knot", 1, 10],
    ["at an inner knot", 3, 14],
    ["at the last knot", 9, 10],
    ["left of the first knot, along the first segment", -4, 0],
    ["right of the last knot, along the last segment", 12, 7],
  ])("%s", (_where, x, y) => {
    expect(interpolate(XS, YS, x)).toBe(y);
  });

  test("works with two knots, on both sides of them", () => {
    expect([-1, 0, 0.5, 1, 3].map((x) => interpolate([0, 1], [1, 3], x))).toEqual([-1, 1, 2, 3, 7]);
  });

  // slope = (y1 - y0) / (x1 - x0), y = slope * (x1 - x0) + y0 in doubles: the segment to the right of the knot would
  // give y1 itself, 0.3, and the one to the left gives its successor.
  test("a knot belongs to the segment on its left, rounding included", () => {
    const left = ((0.3 - 0.1) / (3 - 0)) * 3 + 0.1;
    expect(left).not.toBe(0.3);
    expect(interpolate([0, 3, 10], [0.1, 0.3, 7], 3)).toBe(left);
  });

  test("stays between the values of the neighbouring knots, and follows a straight line anywhere", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.integer({ min: -20, max: 20 }), (x, slope) => {
        const y = interpolate(XS, YS, x);
        const right = XS.findIndex((knot) => knot >= x);
        const ends = [YS[Math.max(0, right - 1)], YS[right]];
        expect(y).toBeGreaterThanOrEqual(Math.min(...ends));
        expect(y).toBeLessThanOrEqual(Math.max(...ends));
        const line = XS.map((knot) => slope * knot + 3);
        expect(interpolate(XS, line, 20 * x - 90)).toBe(slope * (20 * x - 90) + 3);
      }),
    );
  });
});

function batch(shape: { prefills?: number; promptTokens?: number; decodes?: number }) {
  return {
    prefills: 0,
    promptTokens: 0,
    squaredPromptTokens: 0,
    promptContextProducts: 0,
    decodes: 0,
    contextTokens: 0,
    ...shape,
  };
}

/** Prefills: 1 s per 1,000 tokens. Decodes: 0.25 s, and 1 ms per request more. */
const times = new InterpolatedIterationTimes(
  { batchTokens: [0, 1000, 20_000], prefillSeconds: [0, 1, 20], decodeSeconds: [0.25, 1.25, 20.25] },
  "m on g with tensor parallelism 1",
);

describe("InterpolatedIterationTimes", () => {
  test("times a batch of prefills by the sum of their prompt tokens", () => {
    expect(times.stretchSeconds(batch({ prefills: 3, promptTokens: 500 }), 1)).toBe(0.5);
  });

  test("times a batch of decodes by their number", () => {
    expect(times.stretchSeconds(batch({ decodes: 250 }), 1)).toBe(0.5);
  });

  test("times a mixed batch as prefills of all its tokens, 10 % longer", () => {
    expect(times.stretchSeconds(batch({ prefills: 1, promptTokens: 400, decodes: 100 }), 1)).toBe(0.5 * 1.1);
  });

  test("times k iterations as k times one", () => {
    expect(times.stretchSeconds(batch({ decodes: 250 }), 7)).toBe(3.5);
  });

  test("gives the same times above the tabulated range as below", () => {
    for (const tokens of [8191, 8192, 8193, 16_000]) {
      expect(times.stretchSeconds(batch({ prefills: 1, promptTokens: tokens }), 1)).toBeCloseTo(tokens / 1000, 10);
      expect(times.stretchSeconds(batch({ decodes: tokens }), 1)).toBeCloseTo(0.25 + tokens / 1000, 10);
    }
  });

  test("counts the iterations that have ended within some time", () => {
    const decodes = batch({ decodes: 250 });
    expect([0, 0.49, 0.5, 0.51, 1.75, 2].map((s) => times.iterationsWithin(decodes, s))).toEqual([0, 0, 1, 1, 3, 4]);
  });

  test("iterationsWithin is the inverse of stretchSeconds, up to one iteration at its rounded end", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9000 }), fc.integer({ min: 1, max: 5000 }), (decodes, iterations) => {
        const shape = batch({ decodes });
        const seconds = times.stretchSeconds(shape, iterations);
        expect(times.iterationsWithin(shape, seconds * (1 + 2 ** -50))).toBe(iterations);
        expect(times.iterationsWithin(shape, seconds * (1 - 2 ** -50))).toBe(iterations - 1);
      }),
    );
  });

  test("refuses a batch for which the measured curves give no positive time, naming batch, kind and cure", () => {
    const falling = new InterpolatedIterationTimes(
      { batchTokens: [0, 100], prefillSeconds: [2, 1], decodeSeconds: [1, 1] },
      "m on g with tensor parallelism 2",
    );
    expect(falling.stretchSeconds(batch({ prefills: 1, promptTokens: 199 }), 1)).toBeCloseTo(0.01, 12);
    let error: unknown;
    try {
      falling.stretchSeconds(batch({ prefills: 2, promptTokens: 190, decodes: 10 }), 1);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(SimulationError);
    expect(error).toMatchObject({
      message: expect.stringMatching(/200 tokens \(2 prefills, 10 decodes\) of m on g with tensor parallelism 2/),
      hint: expect.stringContaining("max_batch_tokens"),
    });
  });
});
