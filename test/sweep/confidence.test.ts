import { describe, expect, it } from "vitest";
import { estimateMean, studentT975 } from "../../src/sweep/confidence.ts";

describe("Student's t", () => {
  it("has the tabulated critical values beyond 30 degrees of freedom (NIST/SEMATECH e-Handbook 1.3.6.7.2)", () => {
    for (const [degrees, expected] of [
      [31, 2.04],
      [40, 2.021],
      [60, 2.0],
      [100, 1.984],
      [1e9, 1.96],
    ]) {
      expect(studentT975(degrees)).toBeCloseTo(expected, 3);
    }
  });

  it("decreases towards the normal distribution", () => {
    for (let degrees = 1; degrees < 200; degrees++)
      expect(studentT975(degrees)).toBeGreaterThan(studentT975(degrees + 1));
    expect(studentT975(1e12)).toBeCloseTo(1.96, 3);
  });
});

describe("the estimate of a mean", () => {
  it("is mean and t s / sqrt(n) (worked by hand: 1, 2, 3 give 2 ± 4.303 / sqrt(3))", () => {
    expect(estimateMean([1, 2, 3])).toEqual({ mean: 2, halfWidth: 4.303 * Math.sqrt(1 / 3) });
  });

  it("has no width for equal values, whatever their rounding", () => {
    expect(estimateMean([0.1, 0.1, 0.1])).toEqual({ mean: 0.1, halfWidth: 0 });
  });

  it("has no confidence for one value, and does not exist without any", () => {
    expect(estimateMean([5])).toEqual({ mean: 5, halfWidth: undefined });
    expect(estimateMean([])).toBeUndefined();
  });
});
