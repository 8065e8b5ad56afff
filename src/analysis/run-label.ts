import type { Cell, RunTable } from "./run-table.ts";

/** What tells a run from the others: its swept values. */
export function runLabel(table: RunTable, row: number): string {
  const values = table.columns
    .filter(({ role, values }) => role === "parameter" && values[row] !== null)
    .map(({ name, values }) => `${name.slice(name.lastIndexOf(".") + 1)}=${cellText(values[row])}`);
  return [`run ${table.numbers[row]}`, ...values].join(" ");
}

export function cellText(value: Cell): string {
  if (value === null) return "–";
  return typeof value === "number" ? shortNumber(value) : value;
}

/** Four significant digits. */
export function shortNumber(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (Number.isInteger(value) && Math.abs(value) < 1e6) return String(value);
  return Number(value.toPrecision(4)).toString();
}
