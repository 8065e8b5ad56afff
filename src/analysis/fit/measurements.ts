/**
 * Measured iterations (passes) as CSV: `tokens` computed in the pass, `batch` requests in it, `context` tokens that were in
 * their KV caches before it, `seconds`. A pass with a token for each request and contexts is pure decoding.
 */

import { TraceError, throwTogether } from "../../errors.ts";
import { csvRows, requireColumns } from "../csv-rows.ts";

export interface Measurement {
  readonly tokens: number;
  readonly batch: number;
  readonly context: number;
  /** Sum over the requests of the squares of their tokens; of equal lengths unless the file says. */
  readonly squaredTokens: number;
  readonly seconds: number;
  readonly isDecode: boolean;
  /** In the file, from 1. */
  readonly line: number;
}

const REQUIRED = ["tokens", "batch", "context", "seconds"] as const;
const OPTIONAL = "squared_tokens";
const SHOWN_MISTAKES = 20;

type Column = (typeof REQUIRED)[number] | typeof OPTIONAL;
type Row = Partial<Record<Column, string>>;

/** Further columns are ignored. Errors: TraceError with the line, of all mistakes. */
export function readMeasurements(text: string, file: string): Measurement[] {
  const hint = `The columns are ${REQUIRED.join(", ")}, and ${OPTIONAL} if prompts of a pass are not equally long.`;
  const rows = csvRows<Row>(text, file, (header) => requireColumns(header, REQUIRED, file, hint));
  const errors: TraceError[] = [];
  const measurements = rows.map(({ record, info: { lines: line } }) => {
    const number = (column: Column, isValid: (value: number) => boolean, expected: string) => {
      const value = record[column]?.trim() ? Number(record[column]) : Number.NaN;
      if (isValid(value)) return value;
      errors.push(new TraceError(`${column} is '${record[column] ?? ""}', expected ${expected}.`, { file, line }));
      return 1;
    };
    const isCount = (least: number) => (value: number) => Number.isSafeInteger(value) && value >= least;
    const tokens = number("tokens", isCount(1), "a whole number of at least 1");
    const batch = number("batch", isCount(1), "a whole number of at least 1");
    const context = number("context", isCount(0), "a whole number of at least 0");
    const seconds = number("seconds", (value) => value > 0 && Number.isFinite(value), "seconds above 0");
    const equalLengths = (tokens * tokens) / batch;
    const squaredTokens = record[OPTIONAL]?.trim()
      ? number(OPTIONAL, (value) => value >= equalLengths && Number.isFinite(value), `at least ${equalLengths}`)
      : equalLengths;
    return { tokens, batch, context, squaredTokens, seconds, isDecode: tokens === batch && context > 0, line };
  });
  throwTogether(errors.slice(0, SHOWN_MISTAKES));
  if (measurements.length === 0) throw new TraceError("The file has no measurements.", { file });
  return measurements;
}
