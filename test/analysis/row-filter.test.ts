import { expect, test } from "vitest";
import { rowFilter } from "../../src/analysis/row-filter.ts";
import type { RunTable } from "../../src/analysis/run-table.ts";

const TABLE = {
  numbers: [0, 1],
  status: ["done", "failed"],
  columns: [{ name: "ttft_p99", role: "metric", values: [0.1, 0.3] }],
} as unknown as RunTable;

test("a bound of a filter is a number", () => {
  expect([0, 1].map(rowFilter(TABLE, "ttft_p99<0.2"))).toEqual([true, false]);
  expect(() => rowFilter(TABLE, "ttft_p99<abc")).toThrow("'abc' is no number, as 'ttft_p99<' needs.");
  expect(() => rowFilter(TABLE, "ttft<0.2")).toThrow("There is no column 'ttft'.");
});
