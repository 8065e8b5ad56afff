/** A filter of runs: words that all must hold. */
import type { RunColumn, RunTable } from "./run-table.ts";

const COMPARISON = /^([^<>=!\s]+)(<=|>=|!=|<|>|=)(.+)$/;

/**
 * `ttft_p99<0.5 scheduler=jsq overload`: comparisons with columns, and words that some swept value, label or status contains.
 * Throws an Error that names an unknown column, or a bound that is no number.
 */
export function rowFilter(table: RunTable, text: string): (row: number) => boolean {
  const words = text.split(/\s+/).filter((word) => word !== "");
  const tests = words.map((word) => {
    const match = COMPARISON.exec(word);
    return match === null ? contains(table, word.toLowerCase()) : compares(table, match[1], match[2], match[3]);
  });
  return (row) => tests.every((test) => test(row));
}

function compares(table: RunTable, name: string, operator: string, value: string): (row: number) => boolean {
  const cell = cellOf(table, name);
  const number = Number(value);
  const isNumber = value.trim() !== "" && !Number.isNaN(number);
  if (!isNumber && /[<>]/.test(operator)) throw new Error(`'${value}' is no number, as '${name}${operator}' needs.`);
  return (row) => {
    const found = cell(row);
    if (found === null) return operator === "!=";
    if (operator === "=") return isNumber && typeof found === "number" ? found === number : String(found) === value;
    if (operator === "!=") return isNumber && typeof found === "number" ? found !== number : String(found) !== value;
    if (typeof found !== "number") return false;
    if (operator === "<") return found < number;
    if (operator === "<=") return found <= number;
    return operator === ">" ? found > number : found >= number;
  };
}

function cellOf(table: RunTable, name: string): (row: number) => RunColumn["values"][number] {
  if (name === "run") return (row) => table.numbers[row];
  if (name === "status") return (row) => table.status[row];
  const exact = table.columns.find((column) => column.name === name);
  const found = exact ?? table.columns.find((column) => column.name.endsWith(`.${name}`));
  if (found === undefined) throw new Error(`There is no column '${name}'.`);
  return (row) => found.values[row];
}

function contains(table: RunTable, word: string): (row: number) => boolean {
  const texts = table.columns.filter(({ role }) => role !== "metric");
  return (row) =>
    table.status[row].includes(word) ||
    texts.some(({ values }) =>
      String(values[row] ?? "")
        .toLowerCase()
        .includes(word),
    );
}
