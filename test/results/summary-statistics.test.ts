import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import fc from "fast-check";
import * as oracle from "simple-statistics";
import { describe, expect, it } from "vitest";
import { pairwiseSum } from "../../src/results/pairwise-sum.ts";
import { REQUEST_COLUMN_NAMES } from "../../src/results/request-table.ts";
import {
  latencyStatistics,
  percentile,
  STATISTIC_NAMES,
  summaryStatistics,
} from "../../src/results/summary-statistics.ts";
import { csvColumn, csvValues, goldensAreShared, localGoldens, sharedGoldens } from "./golden.ts";

function expectRecordedSummary(folder: string): void {
  const detailed = readFileSync(join(folder, "detailed/0.csv"), "utf8");
  const [header, row] = csvValues(readFileSync(join(folder, "summary.csv"), "utf8"));
  const recorded = new Map(header.map((name, i) => [name, Number(row[i])]));
  for (const column of REQUEST_COLUMN_NAMES) {
    const statistics = summaryStatistics(csvColumn(detailed, column))!;
    for (const name of STATISTIC_NAMES) {
      const expected = recorded.get(`${column}_${name}`)!;
      const label = `${basename(folder)} ${column}_${name}`;
      if (name === "geomean") {
        expect(Math.abs(statistics[name] - expected), label).toBeLessThanOrEqual(1e-12 * Math.abs(expected));
      } else {
        expect(statistics[name], label).toBe(expected);
      }
    }
  }
}

describe("summary statistics", () => {
  it.each(localGoldens())("equal those that SplitwiseSim recorded, to the last bit (%s)", expectRecordedSummary);

  it.skipIf(!goldensAreShared)("equal those of all recorded runs (needs the shared goldens)", () => {
    expect(sharedGoldens().length).toBeGreaterThan(40);
    for (const folder of sharedGoldens()) expectRecordedSummary(folder);
  });

  it("of a latency equal the same ones of the summary, whatever the column", () => {
    const values = fc.array(fc.oneof(fc.double({ noNaN: true, min: 0, max: 1e6 }), fc.nat(3)), {
      minLength: 1,
      maxLength: 300,
    });
    fc.assert(
      fc.property(values, (numbers) => {
        const { mean, p50, p90, p99 } = summaryStatistics(Float64Array.from(numbers))!;
        expect(latencyStatistics(Float64Array.from(numbers))).toEqual({ mean, p50, p90, p99 });
      }),
      { numRuns: 500 },
    );
  });

  it("of an empty column do not exist", () => {
    expect(summaryStatistics(new Float64Array(0))).toBeUndefined();
  });

  it("of a single value are that value, without deviation", () => {
    const { std, ...others } = summaryStatistics(Float64Array.of(2.5))!;
    expect(std).toBe(0);
    for (const [name, value] of Object.entries(others)) expect(value, name).toBeCloseTo(2.5, 14);
  });

  it("leave the column as it was", () => {
    const column = Float64Array.of(3, 1, 2);
    summaryStatistics(column);
    expect([...column]).toEqual([3, 1, 2]);
  });

  const columns = fc
    .array(fc.double({ min: 1e-6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 600 })
    .map((values) => Float64Array.from(values));

  it("agree with simple-statistics where definitions agree", () => {
    fc.assert(
      fc.property(columns, (column) => {
        const values = [...column];
        const statistics = summaryStatistics(column)!;
        const close = (actual: number, expected: number) =>
          expect(Math.abs(actual - expected)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(expected)));
        close(statistics.mean, oracle.mean(values));
        close(statistics.std, oracle.standardDeviation(values));
        close(statistics.median, oracle.median(values));
        close(statistics.geomean, oracle.logAverage(values));
        expect(statistics.min).toBe(oracle.min(values));
        expect(statistics.max).toBe(oracle.max(values));
      }),
    );
  });

  it("do not decrease from percentile to percentile, and stay between minimum and maximum", () => {
    fc.assert(
      fc.property(columns, (column) => {
        const { min, p50, p90, p95, p99, p999, max } = summaryStatistics(column)!;
        const ordered = [min, p50, p90, p95, p99, p999, max];
        const slack = 1e-15 * max;
        for (let i = 1; i < ordered.length; i++) expect(ordered[i]).toBeGreaterThanOrEqual(ordered[i - 1] - slack);
      }),
    );
  });

  it("take percentiles linearly between neighbours (numpy: percentile([1, 2, 3, 4], 40) is 2.2)", () => {
    expect(percentile(Float64Array.of(1, 2, 3, 4), 40)).toBeCloseTo(2.2, 15);
    expect(percentile(Float64Array.of(1, 2, 3, 4), 100)).toBe(4);
  });
});

describe("the pairwise sum", () => {
  it("is exact for whole numbers, whatever the count", () => {
    for (const count of [0, 1, 7, 8, 9, 127, 128, 129, 1000, 4099]) {
      expect(pairwiseSum(Float64Array.from({ length: count }, (_, i) => i))).toBe((count / 2) * Math.abs(count - 1));
    }
  });

  it("does not add from left to right", () => {
    // By the rule: eight sums 1e16 + 1 = 1e16, 2, ..., 2, then the tree; numpy.sum gives the same. Adding from left to right gives 1e16.
    expect(pairwiseSum(Float64Array.from({ length: 16 }, (_, i) => (i === 0 ? 1e16 : 1)))).toBe(1.0000000000000014e16);
  });
});
