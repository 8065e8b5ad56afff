import { describe, expect, it } from "vitest";
import { ConfigError } from "../../../src/errors.ts";
import { NumpyLegacyRandom } from "../../../src/sim/kernel/numpy-legacy.ts";

function choices(seed: number, count: number, draws: number): number[] {
  const random = new NumpyLegacyRandom(seed);
  return Array.from({ length: draws }, () => random.choice(count));
}

describe("NumPy's legacy choice", () => {
  it("repeats the instances that SplitwiseSim chose (golden baseline-h100x4-random-code10, seed 0, 4 instances)", () => {
    expect(choices(0, 4, 40)).toEqual([
      0, 3, 1, 0, 3, 3, 3, 3, 1, 3, 1, 2, 0, 3, 2, 0, 0, 0, 2, 1, 2, 3, 3, 2, 0, 1, 1, 1, 1, 0, 1, 0, 3, 0, 3, 1, 2, 3,
      3, 0,
    ]);
  });

  it("rejects masked draws that are too large, as NumPy 2.4.6 does", () => {
    const random = new NumpyLegacyRandom(4294967295);
    const draw = (count: number, draws: number) => Array.from({ length: draws }, () => random.choice(count));
    expect(draw(5, 20)).toEqual([3, 2, 4, 4, 0, 2, 1, 0, 3, 2, 3, 3, 2, 3, 1, 1, 1, 4, 4, 0]);
    expect(draw(3, 10)).toEqual([0, 2, 1, 0, 0, 2, 1, 0, 1, 1]);
    expect(draw(1000, 6)).toEqual([635, 919, 713, 751, 229, 829]);
  });

  it("draws nothing for a single item", () => {
    const random = new NumpyLegacyRandom(42);
    expect([random.choice(1), random.choice(1)]).toEqual([0, 0]);
    // numpy.random.seed(42); numpy.random.choice(40)
    const draws = Array.from({ length: 8 }, () => random.choice(40));
    expect(draws).toEqual([38, 28, 14, 7, 20, 38, 18, 22]);
  });

  it.each([-1, 0.5, 2 ** 32, Number.NaN])("refuses the seed %d, as NumPy does", (seed) => {
    expect(() => new NumpyLegacyRandom(seed)).toThrow(ConfigError);
  });
});
