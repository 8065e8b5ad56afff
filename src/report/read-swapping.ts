/** Reads what swapping did in the runs of a sweep, for its report. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { csvRows } from "../analysis/csv-rows.ts";
import type { SweepState } from "../sweep/inspect-sweep.ts";
import { runsWith } from "./read-run-files.ts";
import type { RunSwapping, SwappingTable } from "./report-data.ts";

/** Runs that are shown, and rows of each table: a page of a few hundred kilobytes at most. */
const MOST_RUNS = 8;
const MOST_ROWS = 50;

/** The first runs that kept tables of swapping. */
export function readSwapping(
  sweepDir: string,
  state: SweepState,
): { readonly runs: readonly RunSwapping[]; readonly leftOut: number } {
  const withTables = runsWith(sweepDir, state, (name) => name === "swapping/models.csv");
  const runs = withTables.slice(0, MOST_RUNS).map(({ entry, directory }) => {
    const read = (name: string, order: string) => tableOf(join(directory, "swapping", name), order);
    return {
      number: entry.number,
      overrides: entry.overrides.join(" "),
      models: read("models.csv", "requests"),
      groups: read("groups.csv", ""),
      links: read("links.csv", "moved_gigabytes"),
    };
  });
  return { runs, leftOut: withTables.length - runs.length };
}

/** The rows with the largest values of `order`, of those that have one; in the file's order without it. */
function tableOf(file: string, order: string): SwappingTable {
  const rows = csvRows<Record<string, string>>(readFileSync(file, "utf8"), file, (header) => header).map(
    ({ record }) => record,
  );
  const sorted = order === "" ? rows : rows.toSorted((a, b) => Number(b[order]) - Number(a[order]));
  return { rows: sorted.slice(0, MOST_ROWS), total: rows.length };
}
