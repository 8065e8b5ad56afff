/** Points of a figure: the mean of a metric over the repetitions of each configuration, with its confidence. */
import { estimateMean } from "../sweep/confidence.ts";
import { REPETITION_KEY } from "../sweep/swept-keys.ts";
import type { Cell, RunColumn, RunTable } from "./run-table.ts";

export interface PointChoice {
  readonly x: RunColumn;
  readonly y: RunColumn;
  readonly series?: RunColumn | undefined;
  readonly facet?: RunColumn | undefined;
}

export interface Point {
  readonly x: Cell;
  readonly y: number;
  /** Ends of the 95 % confidence interval of the mean (Student's t); equal to `y` for a single run. */
  readonly low: number;
  readonly high: number;
  readonly series: Cell;
  readonly facet: Cell;
  /** Rows of the table that the mean is over. */
  readonly rows: readonly number[];
}

/** A point per combination of x, series and facet that has finished runs. `keep` tells which rows count. */
export function pointsOf(
  table: RunTable,
  { x, y, series, facet }: PointChoice,
  keep: (row: number) => boolean = () => true,
): Point[] {
  const groups = new Map<string, number[]>();
  for (let row = 0; row < table.count; row++) {
    if (typeof y.values[row] !== "number" || x.values[row] === null || !keep(row)) continue;
    const key = JSON.stringify([x.values[row], series?.values[row], facet?.values[row]]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return [...groups.values()].map((rows) => {
    const { mean, halfWidth = 0 } = estimateMean(rows.map((row) => y.values[row] as number)) ?? { mean: Number.NaN };
    const [first] = rows;
    return {
      x: x.values[first],
      y: mean,
      low: mean - halfWidth,
      high: mean + halfWidth,
      series: series?.values[first] ?? null,
      facet: facet?.values[first] ?? null,
      rows,
    };
  });
}

/** Swept keys that a figure averages over although they are no repetitions: its reader must know. */
export function averagedKeys(table: RunTable, { x, y, series, facet }: PointChoice): string[] {
  const points = pointsOf(table, { x, y, series, facet });
  const chosen = [x, series, facet].map((column) => column?.name);
  return table.columns
    .filter(({ name, role }) => role === "parameter" && name !== REPETITION_KEY && !chosen.includes(name))
    .filter(({ values }) => points.some(({ rows }) => rows.some((row) => values[row] !== values[rows[0]])))
    .map(({ name }) => name);
}
