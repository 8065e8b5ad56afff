import type { RunColumn, RunTable } from "../../analysis/run-table.ts";
import { SweepError } from "../../errors.ts";
import { didYouMean } from "../../suggest.ts";

/** By its name or the only one's end (`rate` for `trace.rate`). Errors: SweepError. */
export function columnOf(table: RunTable, name: string): RunColumn {
  const { columns } = table;
  const ends = columns.filter((column) => column.name.endsWith(`.${name}`));
  const found = columns.find((column) => column.name === name) ?? (ends.length === 1 ? ends[0] : undefined);
  if (found !== undefined) return found;
  const names = columns.map((column) => column.name);
  throw new SweepError("USAGE", `The sweep has no column '${name}'.`, {
    hint: didYouMean(name, names) ?? `Columns: ${names.join(", ")}.`,
  });
}
