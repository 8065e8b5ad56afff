import { describe, expect, test } from "vitest";
import { compareMetric } from "../../src/analysis/compare/compare-metric.ts";
import { COMPARABLE_METRICS, compareSides } from "../../src/analysis/compare/comparison.ts";
import { checkCondition, parseCondition } from "../../src/analysis/compare/condition.ts";
import { pairRuns } from "../../src/analysis/compare/pair-runs.ts";
import type { Side, SideRun } from "../../src/analysis/compare/side.ts";

const TTFT = COMPARABLE_METRICS.find(({ name }) => name === "ttft_p99")!;
const EVENTS = COMPARABLE_METRICS.find(({ name }) => name === "events")!;

function run(number: number, overrides: readonly string[], value: number | null = 1): SideRun {
  return { number, overrides, status: "done", metrics: { ttft_p99: value, events: value } };
}

function pairsOf(a: readonly (number | null)[], b: readonly (number | null)[]) {
  return a.map((value, index) => ({ a: run(index, [], value), b: run(index, [], b[index]) }));
}

function side(overrides: readonly (readonly string[])[], defaults: Readonly<Record<string, string>> = {}): Side {
  return { runs: overrides.map((words, number) => run(number, words)), defaultValue: (key) => defaults[key] };
}

const numbersOf = (pairing: ReturnType<typeof pairRuns>) =>
  pairing.points.map(({ pairs }) => pairs.map(({ a, b }) => [a.number, b.number]));

describe("a metric of paired runs", () => {
  test.each([
    ["the same in every pair", [1, 2], [1, 2], "equal"],
    ["smaller by the same in every pair", [1, 2], [0.5, 1.5], "better"],
    ["larger by the same in every pair", [1, 2], [2, 3], "worse"],
    // Differences 1 and -1: mean 0.
    ["larger here and smaller there", [1, 2], [2, 1], "not distinguishable"],
    ["larger in the only pair", [1], [2], "one run each"],
  ] as const)("%s", (_, a, b, verdict) => {
    expect(compareMetric(TTFT, pairsOf(a, b))?.verdict).toBe(verdict);
  });

  test("without a better way merely differs", () => {
    expect(compareMetric(EVENTS, pairsOf([1, 2], [2, 3]))?.verdict).toBe("differs");
  });

  test("is compared where both runs have it, and nowhere else", () => {
    const found = compareMetric(TTFT, pairsOf([1, null, 3], [2, 5, null]));
    expect(found).toMatchObject({ pairs: 1, a: 1, b: 2, difference: 1 });
    expect(compareMetric(TTFT, pairsOf([null], [1]))).toBeUndefined();
  });

  test("that starts at 0 changes by an infinite share, or by none", () => {
    expect(compareMetric(TTFT, pairsOf([0], [3]))?.percent).toBe(Number.POSITIVE_INFINITY);
    expect(compareMetric(TTFT, pairsOf([0], [0]))?.percent).toBe(0);
  });

  test("near the ends of a double's range still has an interval", () => {
    // Differences 1, 2, 3 times the scale: deviation 1, half-width 4.303 / sqrt(3).
    for (const scale of [1e300, 1e-300]) {
      const found = compareMetric(TTFT, pairsOf([0, 0, 0], [1 * scale, 2 * scale, 3 * scale]));
      expect(found!.difference / scale).toBeCloseTo(2, 12);
      expect(found!.halfWidth! / scale).toBeCloseTo(4.303 / Math.sqrt(3), 12);
    }
  });

  test("whose difference is beyond all doubles has no verdict", () => {
    const found = compareMetric(TTFT, pairsOf([-1.7e308, -1.7e308], [1.7e308, 1.7e308]));
    expect(found?.verdict).toBe("not distinguishable");
  });
});

describe("runs are paired", () => {
  test("by every key that varies within a side, however numbers are spelt, in any order", () => {
    const a = side([
      ["x=1", "seed=0"],
      ["x=2", "seed=0"],
      ["x=1", "seed=1"],
      ["x=2", "seed=1"],
    ]);
    const b = side([
      ["seed=1", "x=2.0"],
      ["seed=1", "+x=1e0"],
      ["seed=0", "x=2"],
      ["seed=0", "x=1"],
    ]);
    const pairing = pairRuns(a, b);
    expect(numbersOf(pairing)).toEqual([
      [
        [0, 3],
        [2, 1],
      ],
      [
        [1, 2],
        [3, 0],
      ],
    ]);
    expect(pairing.keys).toEqual(["x"]);
  });

  test("whatever they differ in as a whole, which is said", () => {
    const pairing = pairRuns(
      side([
        ["x=1", "seed=0"],
        ["x=1", "seed=1"],
      ]),
      side([["seed=0"], ["seed=1"]], { x: "2" }),
    );
    expect(numbersOf(pairing)).toEqual([
      [
        [0, 0],
        [1, 1],
      ],
    ]);
    expect(pairing.overrides).toEqual([{ path: "x", a: "1", b: "2" }]);
  });

  test("though they keep their results elsewhere, by other names", () => {
    const pairing = pairRuns(side([["+labels.n=a"], ["+labels.n=b"]]), side([["output_dir=x"], ["output_dir=y"]]));
    expect(numbersOf(pairing)).toEqual([
      [
        [0, 0],
        [1, 1],
      ],
    ]);
    expect(pairing.overrides).toEqual([]);
  });

  test("once each", () => {
    const pairing = pairRuns(side([["x=1"], ["x=2"], ["x=1"]]), side([["x=1"], ["x=3"]]));
    expect(numbersOf(pairing)).toEqual([[[0, 0]]]);
    expect(pairing.onlyA.map(({ number }) => number)).toEqual([1, 2]);
    expect(pairing.onlyB.map(({ number }) => number)).toEqual([1]);
  });

  test("if there are none, not at all", () => {
    expect(pairRuns(side([]), side([["x=1"]]))).toMatchObject({ points: [], onlyA: [] });
  });
});

test("a condition on a share holds where there was nothing before", () => {
  const of = (value: number): Side => ({ runs: [run(0, [], value)], defaultValue: () => undefined });
  const holdsAt = (text: string, a: number, b: number) =>
    checkCondition(parseCondition(text), compareSides(of(a), of(b)).points).holds.length;
  expect(holdsAt("ttft_p99 > +2%", 0, 1)).toBe(1);
  expect(holdsAt("ttft_p99 > +2%", 0, 0)).toBe(0);
  expect(holdsAt("ttft_p99 > +2%", 100, 102)).toBe(0);
  expect(holdsAt("ttft_p99>=2 %", 100, 102)).toBe(1);
  expect(holdsAt("ttft_p99 < -.5", 1, 0.25)).toBe(1);
});
