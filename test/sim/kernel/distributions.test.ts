import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { quantileFunction } from "../../../src/sim/kernel/distributions/empirical.ts";
import { exponential } from "../../../src/sim/kernel/distributions/exponential.ts";
import { gamma } from "../../../src/sim/kernel/distributions/gamma.ts";
import { jointEmpirical } from "../../../src/sim/kernel/distributions/joint-empirical.ts";
import { logNormal } from "../../../src/sim/kernel/distributions/log-normal.ts";
import { normal, normalQuantile } from "../../../src/sim/kernel/distributions/normal.ts";
import { normalProbability } from "../../../src/sim/kernel/distributions/normal-probability.ts";
import type { Sampler } from "../../../src/sim/kernel/distributions/sampler.ts";
import { truncatedNormal } from "../../../src/sim/kernel/distributions/truncated-normal.ts";
import { uniform, uniformInteger } from "../../../src/sim/kernel/distributions/uniform.ts";
import { zipf } from "../../../src/sim/kernel/distributions/zipf.ts";
import { createRandomStream, type RandomStream } from "../../../src/sim/kernel/random.ts";

function draws(sampler: Sampler, count: number, seed = 0): Float64Array {
  const random = createRandomStream(seed, "distributions");
  return Float64Array.from({ length: count }, () => sampler(random));
}

function always(value: number): RandomStream {
  return { uniform: () => value, below: () => 0 };
}

/** Kolmogorov-Smirnov distance times sqrt(n); above 1.95 with probability 0.001. */
function distance(sampler: Sampler, cumulative: (x: number) => number, seed = 0): number {
  const sorted = draws(sampler, 20_000, seed).sort();
  const n = sorted.length;
  const gaps = sorted.map((x, i) => Math.max((i + 1) / n - cumulative(x), cumulative(x) - i / n));
  return Math.max(...gaps) * Math.sqrt(n);
}

/** Checks the mean to 4.5 standard errors. */
function expectMean(values: Float64Array, mean: number, standardDeviation: number): void {
  const found = values.reduce((sum, value) => sum + value, 0) / values.length;
  expect((Math.abs(found - mean) / standardDeviation) * Math.sqrt(values.length)).toBeLessThan(4.5);
}

describe("continuous distributions follow their cumulative probability", () => {
  const standard = (x: number) => normalProbability(x);
  const cases: [string, Sampler, (x: number) => number][] = [
    ["uniform on [2, 5)", uniform(2, 5), (x) => (x - 2) / 3],
    ["exponential of mean 3", exponential(3), (x) => 1 - Math.exp(-x / 3)],
    ["gamma of shape 1 (exponential)", gamma(1, 2), (x) => 1 - Math.exp(-x / 2)],
    ["gamma of shape 2 (Erlang)", gamma(2, 1), (x) => 1 - Math.exp(-x) * (1 + x)],
    ["gamma of shape 1/2 (chi-square / 2)", gamma(0.5, 1), (x) => 2 * standard(Math.sqrt(2 * x)) - 1],
    ["normal", normal(-4, 3), (x) => standard((x + 4) / 3)],
    [
      "log-normal of mean e^0.5 and log variance 1",
      logNormal(Math.exp(0.5), Math.sqrt(Math.E * (Math.E - 1))),
      (x) => standard(Math.log(x)),
    ],
    ["normal truncated below", truncatedNormal(0, 1, 0, 10), (x) => 2 * standard(x) - 1],
    [
      "normal truncated to [-1, 2]",
      truncatedNormal(1, 2, -1, 2),
      (x) => (standard((x - 1) / 2) - standard(-1)) / (standard(0.5) - standard(-1)),
    ],
  ];
  it.each(cases)("%s", (_, sampler, cumulative) => {
    expect(distance(sampler, cumulative)).toBeLessThan(1.95);
  });
});

describe("moments are the theory's", () => {
  const count = 200_000;
  it.each([0.04, 0.25, 0.9, 1, 4, 100])(
    "gamma of shape %d has mean shape x scale and variance shape x scale^2",
    (shape) => {
      const scale = 3;
      const values = draws(gamma(shape, scale), count);
      const variance = shape * scale ** 2;
      expectMean(values, shape * scale, Math.sqrt(variance));
      const squares = values.map((x) => (x - shape * scale) ** 2);
      // The fourth central moment of gamma is variance^2 (3 + 6 / shape).
      expectMean(squares, variance, variance * Math.sqrt(2 + 6 / shape));
    },
  );

  it("log-normal has the mean and the standard deviation that it is given", () => {
    const values = draws(logNormal(1024, 512), count);
    expectMean(values, 1024, 512);
    const standardDeviation = Math.sqrt(values.reduce((sum, x) => sum + (x - 1024) ** 2, 0) / count);
    expect(Math.abs(standardDeviation / 512 - 1)).toBeLessThan(0.02);
  });

  it("uniform integers include both ends", () => {
    const values = draws(uniformInteger(3, 6), 4000);
    expect([...new Set(values)].sort()).toEqual([3, 4, 5, 6]);
    expectMean(values, 4.5, Math.sqrt(15 / 12));
  });
});

describe("the normal distribution's quantiles and probabilities", () => {
  it("agree with SciPy 1.17.1 (scipy.stats.norm)", () => {
    const quantiles = [
      [1e-300, -37.0470962993612],
      [1e-20, -9.262340089798409],
      [1e-5, -4.264890793922825],
      [0.02, -2.053748910631823],
      [0.0750001, -1.4395307645017301],
      [0.3, -0.5244005127080409],
      [0.7, 0.5244005127080407],
      [0.95, 1.6448536269514722],
      [0.9999999, 5.199337582290661],
    ];
    for (const [p, x] of quantiles) expect(Math.abs(normalQuantile(p) / x - 1)).toBeLessThan(1e-14);
    const probabilities = [
      [-36, 4.182624065796808e-284],
      [-20, 2.7536241186061556e-89],
      [-10, 7.61985302416047e-24],
      [-7.08, 7.207723086467469e-13],
      [-7.06, 8.325130212702671e-13],
      [-3, 0.0013498980316300933],
      [-1, 0.15865525393145707],
      [-0.1, 0.460172162722971],
      [0.5, 0.6914624612740131],
      [2, 0.9772498680518208],
      [5, 0.9999997133484281],
    ];
    for (const [x, p] of probabilities) expect(Math.abs(normalProbability(x) / p - 1)).toBeLessThan(1e-7);
    expect(normalQuantile(0.5)).toBe(0);
    expect(normalQuantile(0)).toBe(Number.NEGATIVE_INFINITY);
    expect(normalQuantile(1)).toBe(Number.POSITIVE_INFINITY);
  });

  it("invert each other", () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-9, max: 1 - 1e-9, noNaN: true }), (p) => {
        expect(Math.abs(normalProbability(normalQuantile(p)) - p)).toBeLessThan(1e-14);
      }),
    );
  });
});

describe("extreme draws stay finite", () => {
  const samplers: [string, Sampler][] = [
    ["exponential", exponential(1)],
    ["normal", normal(0, 1)],
    ["log-normal", logNormal(1, 1)],
    ["truncated normal", truncatedNormal(0, 1, 30, 31)],
    ["truncated normal without probability", truncatedNormal(0, 1, 50, 60)],
    ["Zipf", zipf(1.5, 1e9)],
  ];
  it.each(samplers)("%s", (_, sampler) => {
    for (const draw of [0, 2 ** -53, 0.5, 1 - 2 ** -53]) expect(sampler(always(draw))).toSatisfy(Number.isFinite);
  });

  it("a truncated normal never leaves its bounds, wherever they are", () => {
    const finite = { min: -1e6, max: 1e6, noNaN: true };
    fc.assert(
      fc.property(
        fc.double(finite),
        fc.double({ ...finite, min: 1e-3 }),
        fc.double(finite),
        fc.double({ ...finite, min: 0 }),
        fc.double({ min: 0, max: 1 - 2 ** -53, noNaN: true }),
        (mean, deviation, from, width, draw) => {
          const value = truncatedNormal(mean, deviation, from, from + width)(always(draw));
          expect(value >= from && value <= from + width).toBe(true);
        },
      ),
    );
  });
});

describe("a truncated normal without any probability within its bounds", () => {
  it("gives the bound nearest to the mean", () => {
    expect(truncatedNormal(0, 1, 50, 60)(always(0.5))).toBe(50);
    expect(truncatedNormal(0, 1, -60, -50)(always(0.5))).toBe(-50);
  });
});

describe("Zipf", () => {
  it.each([
    [0.5, 10],
    [1, 10],
    [2, 10],
    [1.1, 1000],
    [3, 1],
  ])("of exponent %d up to %i has probabilities proportional to k^-exponent", (exponent, largest) => {
    const count = 200_000;
    const values = draws(zipf(exponent, largest), count);
    const weights = Array.from({ length: largest }, (_, i) => (i + 1) ** -exponent);
    const total = weights.reduce((sum, weight) => sum + weight);
    const found = new Array<number>(largest).fill(0);
    for (const value of values) found[value - 1]++;
    for (let k = 0; k < Math.min(largest, 10); k++) {
      const p = weights[k] / total;
      expect(Math.abs(found[k] - count * p)).toBeLessThanOrEqual(4.5 * Math.sqrt(count * p * (1 - p)));
    }
    const mean = weights.reduce((sum, weight, i) => sum + (weight / total) * (i + 1), 0);
    const square = weights.reduce((sum, weight, i) => sum + (weight / total) * (i + 1) ** 2, 0);
    if (largest > 1) expectMean(values, mean, Math.sqrt(square - mean ** 2));
  });

  it("draws integers from 1 to the largest", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 20, noNaN: true }),
        fc.integer({ min: 1, max: 2 ** 31 - 1 }),
        fc.integer(),
        (exponent, largest, seed) => {
          const value = draws(zipf(exponent, largest), 1, seed)[0];
          expect(Number.isInteger(value) && value >= 1 && value <= largest).toBe(true);
        },
      ),
    );
  });
});

describe("empirical distributions", () => {
  it("pass through their knots, and between them interpolate the logarithm", () => {
    const quantile = quantileFunction([0, 0.5, 0.9, 1], [1, 10, 1000, 1000]);
    expect([0, 0.5, 0.9, 0.95].map(quantile)).toEqual([1, 10, 1000, 1000]);
    expect(quantile(0.25)).toBeCloseTo(Math.sqrt(10), 12);
    expect(quantile(0.7)).toBeCloseTo(100, 9);
  });

  it("keep the dependence of a pair", () => {
    const draw = jointEmpirical({
      bounds: [0, 0.25, 1],
      firstLevels: [0, 1],
      first: [
        [10, 20],
        [20, 40],
      ],
      secondLevels: [0, 1],
      second: [
        [500, 600],
        [1, 2],
      ],
    });
    const random = createRandomStream(0, "pairs");
    const pairs = Array.from({ length: 20_000 }, () => draw(random));
    const short = pairs.filter(([first]) => first < 20);
    // A quarter, to 4.5 standard errors of the count (61).
    expect(Math.abs(short.length - 5000)).toBeLessThan(4.5 * 61);
    expect(pairs.every(([first, second]) => (first < 20 ? second >= 500 : second <= 2))).toBe(true);
  });
});
