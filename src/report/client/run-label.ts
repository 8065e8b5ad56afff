import type { RunTable } from "../../analysis/run-table.ts";
import { cellText } from "./run-list.ts";

/** What tells a run from the others: its swept values. */
export function runLabel(table: RunTable, row: number): string {
  const values = table.columns
    .filter(({ role, values }) => role === "parameter" && values[row] !== null)
    .map(({ name, values }) => `${name.slice(name.lastIndexOf(".") + 1)}=${cellText(values[row])}`);
  return [`run ${table.numbers[row]}`, ...values].join(" ");
}
