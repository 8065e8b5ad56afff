/** `runs.csv`: a row per run of the sweep in order of run numbers, the same bytes whatever order the runs finished in. */
import { numberCell, textCell } from "../results/csv.ts";
import { METRICS } from "../results/metrics.ts";
import { SLO_METRICS } from "../results/slo-metrics.ts";
import type { SweepRow } from "./sweep-row.ts";
import { overrideValues } from "./swept-keys.ts";

export const RUNS_TABLE_NAME = "runs.csv";

/** Columns: number, run_id, the swept keys with their values as overridden, the labels, status, the metrics. */
export function formatRunsCsv(rows: readonly SweepRow[], sweptKeys: readonly string[]): string {
  const labels = labelNames(rows).filter((name) => !sweptKeys.includes(name));
  const metrics = [...METRICS, ...SLO_METRICS.filter(({ name }) => rows.some((row) => name in row.metrics))];
  const header = ["number", "run_id", ...sweptKeys, ...labels, "status", ...metrics.map(({ name }) => name)];
  const lines = rows.map((row) => {
    const values = overrideValues(row.entry.overrides);
    return [
      row.entry.number,
      textCell(row.entry.runId),
      ...sweptKeys.map((key) => textCell(values.get(key) ?? "")),
      ...labels.map((name) => labelCell(row.entry.labels?.[name])),
      row.status,
      ...metrics.map(({ name }) => numberCell(row.metrics[name])),
    ].join(",");
  });
  return `${[header.map(textCell).join(","), ...lines].join("\n")}\n`;
}

/** In order of first appearance. */
function labelNames(rows: readonly SweepRow[]): string[] {
  return [...new Set(rows.flatMap(({ entry }) => Object.keys(entry.labels ?? {})))];
}

function labelCell(label: string | number | boolean | null | undefined): string {
  if (label === null || label === undefined) return "";
  return typeof label === "number" ? numberCell(label) : textCell(String(label));
}
