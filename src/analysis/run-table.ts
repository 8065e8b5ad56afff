/** All runs of a sweep as one table of named columns: what figures and reports choose their axes from. */
import { METRICS } from "../results/metrics.ts";
import { SLO_METRICS } from "../results/slo-metrics.ts";
import type { SweepRow } from "../sweep/sweep-row.ts";
import { overrideValues } from "../sweep/swept-keys.ts";

/** `parameter`: a swept key; `label`: a label of the runs; `metric`: what came out. */
export type ColumnRole = "parameter" | "label" | "metric";
export type Cell = number | string | null;

export interface RunColumn {
  readonly name: string;
  readonly role: ColumnRole;
  /** Empty for none. */
  readonly unit: string;
  readonly doc: string;
  /** A value per row of the table; null where the run has none. */
  readonly values: readonly Cell[];
}

export interface RunTable {
  readonly count: number;
  /** Run numbers. */
  readonly numbers: readonly number[];
  readonly runIds: readonly string[];
  readonly status: readonly SweepRow["status"][];
  readonly notes: readonly (readonly string[])[];
  readonly columns: readonly RunColumn[];
}

/** Columns without any value are left out. */
export function runTable(rows: readonly SweepRow[], sweptKeys: readonly string[]): RunTable {
  const overrides = rows.map(({ entry }) => overrideValues(entry.overrides));
  const labelNames = [...new Set(rows.flatMap(({ entry }) => Object.keys(entry.labels ?? {})))];
  const parameters = sweptKeys.map(
    (name): RunColumn => ({
      name,
      role: "parameter",
      unit: "",
      doc: "Swept",
      values: overrides.map((values) => overrideCell(values.get(name))),
    }),
  );
  const labels = labelNames
    .filter((name) => !sweptKeys.includes(name))
    .map(
      (name): RunColumn => ({
        name,
        role: "label",
        unit: "",
        doc: "Label of the run",
        values: rows.map(({ entry }) => labelCell(entry.labels?.[name])),
      }),
    );
  const metrics = [...METRICS, ...SLO_METRICS].map(
    ({ name, unit, doc }): RunColumn => ({
      name,
      role: "metric",
      unit,
      doc,
      values: rows.map((row) => row.metrics[name] ?? null),
    }),
  );
  return {
    count: rows.length,
    numbers: rows.map(({ entry }) => entry.number),
    runIds: rows.map(({ entry }) => entry.runId),
    status: rows.map(({ status }) => status),
    notes: rows.map(({ notes }) => notes),
    columns: [...parameters, ...labels, ...metrics].filter(({ values }) => values.some((value) => value !== null)),
  };
}

/** The text of an override's value, as a number if it is one. */
export function overrideCell(text: string | undefined): Cell {
  if (text === undefined || text === "") return null;
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : text;
}

function labelCell(label: string | number | boolean | null | undefined): Cell {
  if (label === undefined || label === null) return null;
  return typeof label === "boolean" ? String(label) : label;
}
