import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { fitDistserve } from "../../../src/analysis/fit/distserve-fit.ts";
import { fitLinearised } from "../../../src/analysis/fit/linearised-fit.ts";
import { readMeasurements } from "../../../src/analysis/fit/measurements.ts";
import { relativeLeastSquares } from "../../../src/analysis/fit/relative-least-squares.ts";
import { residual, summariseResiduals } from "../../../src/analysis/fit/residuals.ts";

const HEADER = "tokens,batch,context,seconds";

function measured(rows: readonly (readonly number[])[]) {
  return readMeasurements([HEADER, ...rows.map((row) => row.join(",")), ""].join("\n"), "passes.csv");
}

describe("least squares of relative errors", () => {
  it("find the coefficients of what they are given, of whatever size", () => {
    const size = fc.double({ min: 1e-3, max: 1e3, noNaN: true });
    fc.assert(
      fc.property(size, size, size, (a, b, c) => {
        const coefficients = [a * 1e-2, b * 1e-4, c * 1e-8];
        const features = [1, 2, 3].map((power) => ({ name: `x^${power}`, of: (x: number) => x ** (power - 1) }));
        const value = (x: number) => features.reduce((sum, { of }, index) => sum + coefficients[index] * of(x), 0);
        const fit = relativeLeastSquares([1, 10, 100, 700, 4000, 9000], features, value);
        fit.coefficients.forEach((found, index) => {
          expect(found).toBeCloseTo(coefficients[index], 12);
        });
      }),
    );
  });

  it("weigh a tenth of a small time like a tenth of a large one", () => {
    const constant = [{ name: "1", of: () => 1 }];
    // Least squares of (c/1 - 1) and (c/100 - 1): c = (1 + 1/100) / (1 + 1/10000).
    const { coefficients } = relativeLeastSquares([1, 100], constant, (value) => value);
    expect(coefficients[0]).toBeCloseTo(1.01 / 1.0001, 12);
  });

  it("leave out what the points do not tell, and warn of it", () => {
    const features = [
      { name: "one", of: () => 1 },
      { name: "batch", of: () => 8 },
      { name: "x", of: (x: number) => x },
    ];
    const { coefficients, warnings } = relativeLeastSquares([1, 2, 3], features, (x) => 2 + 3 * x);
    expect(coefficients).toEqual([expect.closeTo(2, 9), 0, expect.closeTo(3, 9)]);
    expect(warnings).toEqual(["the measurements do not tell the coefficient of batch: it is 0"]);
  });

  it("warn of negative coefficients and of too few points", () => {
    const features = [
      { name: "one", of: () => 1 },
      { name: "x", of: (x: number) => x },
    ];
    const { warnings } = relativeLeastSquares([1, 2], features, (x) => 5 - x);
    expect(warnings).toEqual([
      "2 measurements for 2 coefficients: the fit passes through all of them",
      "the coefficient of x is negative: times far from the measurements may be, too",
    ]);
  });
});

describe("fits that are linear nearly everywhere", () => {
  /** Times of a roofline: the longer of computing and moving, and a constant. */
  const time = ([compute, memory, constant]: readonly number[], x: number) =>
    Math.max(compute * x, memory * 50) + constant;
  const featuresAt = (at: readonly number[]) => (x: number) => (at[0] * x > at[1] * 50 ? [x, 0, 1] : [0, 50, 1]);
  const points = [1, 5, 20, 40, 60, 80, 200, 400];
  const from = (least: number) => ["compute", "memory", "constant"].map((name) => ({ name, initial: 1, least }));

  it("find coefficients beyond which other terms count", () => {
    const { coefficients } = fitLinearised(points, from(0), featuresAt, (x) => time([2, 4, 3], x));
    expect(coefficients).toEqual([2, 4, 3].map((value) => expect.closeTo(value, 9)));
  });

  it("keep a coefficient at its least, and fit the others beside it", () => {
    const limits = from(0).map((coefficient, index) => ({ ...coefficient, least: [3, 0, 0][index] }));
    const { coefficients, warnings } = fitLinearised(points, limits, featuresAt, (x) => time([2, 4, 3], x));
    expect(coefficients[0]).toBe(3);
    expect(warnings[0]).toMatch(/less of compute/);
  });
});

describe("DistServe's model", () => {
  const prefill = (tokens: number, batch: number) => [
    tokens,
    batch,
    0,
    0.02 + 1e-4 * tokens + (7e-9 * tokens * tokens) / batch,
  ];
  const decode = (batch: number, context: number) => {
    const [a, b, c] = batch < 95 ? [0.02, 6e-7, 4e-5] : [0.03, 5e-7, 2e-5];
    return [batch, batch, context, a + b * (context + batch) + c * batch];
  };
  const rows = [
    ...[64, 128, 900, 2000].flatMap((tokens) => [1, 4].map((batch) => prefill(tokens, batch))),
    ...[1, 8, 64, 96, 128, 200].flatMap((batch) => [100, 700].map((context) => decode(batch, batch * context))),
  ];

  it("is found in its own times, with a threshold between small and large batches", () => {
    const fit = fitDistserve(measured(rows), 95);
    expect(fit.prefill?.coefficients).toEqual([0.02, 1e-4, 7e-9].map((value) => expect.closeTo(value, 12)));
    expect(fit.decodeSmall?.coefficients).toEqual([0.02, 6e-7, 4e-5].map((value) => expect.closeTo(value, 12)));
    expect(fit.decodeLarge?.coefficients).toEqual([0.03, 5e-7, 2e-5].map((value) => expect.closeTo(value, 12)));
    expect(summariseResiduals(fit.prefill?.residuals ?? []).max_relative_error).toBeLessThan(1e-9);
  });

  it("leaves mixed passes out and says so", () => {
    const { warnings } = fitDistserve(measured([...rows, [100, 2, 500, 0.1]]), 95);
    expect(warnings).toEqual(["1 passes with prompts and contexts are left out: DistServe's model has no such passes"]);
  });
});

test("residuals are summarised by their absolute and their signed mean", () => {
  const residuals = [residual("a", 1, 1.2), residual("b", 2, 1.8)];
  expect(summariseResiduals(residuals)).toEqual({
    measurements: 2,
    mean_relative_error: expect.closeTo(0.15, 12),
    max_relative_error: expect.closeTo(0.2, 12),
    bias: expect.closeTo(0.05, 12),
  });
});

describe("measured passes", () => {
  it("decode only if every request has one token and they have contexts", () => {
    const passes = measured([
      [8, 8, 100, 1],
      [8, 8, 0, 1],
      [9, 8, 100, 1],
    ]);
    expect(passes.map(({ isDecode }) => isDecode)).toEqual([true, false, false]);
    expect(passes[2].squaredTokens).toBe(81 / 8);
  });

  it.each([
    ["tokens,batch,seconds\n1,1,1\n", /lacks context/],
    [`${HEADER}\n`, /no measurements/],
    [`${HEADER}\n1.5,1,0,1\n`, /tokens is '1.5'/],
    [`${HEADER}\n1,1,,1\n`, /context is ''/],
    [`${HEADER}\n1,1,0,0\n`, /seconds is '0', expected seconds above 0/],
    [`${HEADER},squared_tokens\n10,2,0,1,3\n`, /squared_tokens is '3', expected at least 50/],
  ])("are refused with the reason: %j", (text, message) => {
    expect(() => readMeasurements(text, "passes.csv")).toThrow(message);
  });
});
