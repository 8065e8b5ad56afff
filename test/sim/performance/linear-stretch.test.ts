import fc from "fast-check";
import { expect, test } from "vitest";
import { LinearStretch } from "../../../src/sim/performance/linear-stretch.ts";

const stretches = fc.record({
  first: fc.double({ min: 1e-3, max: 100, noNaN: true }),
  growth: fc.double({ min: 0, max: 0.1, noNaN: true }),
});

test("a stretch takes as long as its iterations one by one", () => {
  fc.assert(
    fc.property(stretches, fc.integer({ min: 0, max: 500 }), ({ first, growth }, iterations) => {
      const stretch = new LinearStretch();
      stretch.set(first, growth);
      let sum = 0;
      for (let i = 0; i < iterations; i++) sum += first + i * growth;
      expect(stretch.seconds(iterations)).toBeCloseTo(sum, 6);
    }),
  );
});

test("the inverse counts the iterations that have ended, also at their very ends", () => {
  fc.assert(
    fc.property(stretches, fc.integer({ min: 0, max: 5000 }), ({ first, growth }, iterations) => {
      const stretch = new LinearStretch();
      stretch.set(first, growth);
      const end = stretch.seconds(iterations);
      expect(stretch.within(end)).toBe(iterations);
      expect(stretch.within(end + first / 2)).toBe(iterations);
    }),
  );
});

test("iterations that grow faster than the first is long are counted, too", () => {
  const stretch = new LinearStretch();
  stretch.set(1, 10);
  // Ends at 1, 12, 33.
  expect([0, 0.5, 1, 11.9, 12, 32, 33].map((elapsed) => stretch.within(elapsed))).toEqual([0, 0, 1, 1, 2, 2, 3]);
});
