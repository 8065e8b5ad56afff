import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { GapCounter } from "../../src/sim/engine/gap-counter.ts";
import { TokenGaps } from "../../src/sim/token-gaps.ts";

describe("gaps between tokens", () => {
  it("have the quantiles of the gaps themselves, to 0.1 %", () => {
    const lengths = fc.array(fc.double({ min: 1e-5, max: 1e4, noNaN: true }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(lengths, fc.constantFrom(0.01, 0.5, 0.9, 0.99, 1), (seconds, share) => {
        const gaps = new TokenGaps();
        for (const gap of seconds) gaps.add(gap, 1);
        const sorted = [...seconds].sort((a, b) => a - b);
        const exact = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
        expect(Math.abs((gaps.quantileSeconds(share) as number) / exact - 1)).toBeLessThan(0.001);
      }),
    );
  });

  it("count by their number, and have no quantile if there is none", () => {
    const gaps = new TokenGaps();
    expect(gaps.quantileSeconds(0.5)).toBeUndefined();
    gaps.add(0.01, 98);
    gaps.add(1, 2);
    expect([gaps.count, gaps.seconds]).toEqual([100, expect.closeTo(2.98, 12)]);
    expect(gaps.quantileSeconds(0.98)).toBeCloseTo(0.01, 4);
    expect(gaps.quantileSeconds(0.99)).toBeCloseTo(1, 2);
  });

  it("shorter or longer than the histogram holds stay at its ends", () => {
    const gaps = new TokenGaps();
    gaps.add(0, 1);
    expect(gaps.quantileSeconds(0.5)).toBeLessThan(1e-6);
    gaps.add(1e9, 1);
    expect(gaps.quantileSeconds(1)).toBeGreaterThan(1e6);
  });
});

describe("a stretch of iterations", () => {
  it("gives each decode a gap per iteration, and those that waited one longer gap each (worked by hand)", () => {
    const gaps = new TokenGaps();
    const counter = new GapCounter(gaps);
    counter.join(0);
    counter.join(2);
    counter.stretch(3, 4, 0.4, 0);
    expect(gaps.count).toBe(12);
    expect(gaps.seconds).toBeCloseTo(12 * 0.1 + 2, 12);
    expect(gaps.quantileSeconds(11 / 12)).toBeCloseTo(0.1, 3);
    // The next stretch knows nothing of the waiting before the last one; its overhead delays all.
    counter.stretch(2, 1, 0.1, 0.5);
    expect(gaps.count).toBe(14);
    expect(gaps.seconds).toBeCloseTo(12 * 0.1 + 2 + 2 * 0.6, 12);
  });

  it("without decodes has no gaps", () => {
    const gaps = new TokenGaps();
    new GapCounter(gaps).stretch(0, 1, 0.1, 0);
    expect(gaps.count).toBe(0);
  });
});
