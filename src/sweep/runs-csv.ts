/** `runs.csv`: a row per run of the sweep in order of run numbers, the same bytes whatever order the runs finished in. */
import { numberCell, textCell } from "../results/csv.ts";
import { METRICS } from "../results/metrics.ts";
import type { SweepRow } from "./sweep-row.ts";
import { overrideValues } from "./swept-keys.ts";

export const RUNS_TABLE_NAME = "runs.csv";

/** Columns: number, run_id, the swept keys with their values as overridden, status, the metrics. */
export function formatRunsCsv(rows: readonly SweepRow[], sweptKeys: readonly string[]): string {
  const header = ["number", "run_id", ...sweptKeys.map(textCell), "status", ...METRICS.map(({ name }) => name)];
  const lines = rows.map(({ entry, status, metrics }) => {
    const values = overrideValues(entry.overrides);
    return [
      entry.number,
      textCell(entry.runId),
      ...sweptKeys.map((key) => textCell(values.get(key) ?? "")),
      status,
      ...METRICS.map(({ name }) => numberCell(metrics[name])),
    ].join(",");
  });
  return `${[header.join(","), ...lines].join("\n")}\n`;
}
