/**
 * Measured iterations (passes) as CSV: `tokens` computed in the pass, `batch` requests in it, `context` tokens that were in
 * their KV caches before it, `seconds`. A pass with a token for each request and contexts is pure decoding.
 */
import { parse } from "csv-parse/sync";
import { TraceError, throwTogether } from "../../errors.ts";

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

/** Further columns are ignored. Errors: TraceError with the line, of all mistakes. */
export function readMeasurements(text: string, file: string): Measurement[] {
  const rows = parseRows(text, file);
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

interface ParsedRow {
  readonly record: Partial<Record<Column, string>>;
  readonly info: { readonly lines: number };
}

function parseRows(text: string, file: string): ParsedRow[] {
  const columns = (header: string[]) => {
    const missing = REQUIRED.filter((name) => !header.includes(name));
    if (missing.length === 0) return header;
    throw new TraceError(
      `The header lacks ${missing.join(", ")}.`,
      { file, line: 1 },
      { hint: `The columns are ${REQUIRED.join(", ")}, and ${OPTIONAL} if prompts of a pass are not equally long.` },
    );
  };
  try {
    return parse(text, {
      columns,
      info: true,
      bom: true,
      trim: true,
      skip_empty_lines: true,
    }) as unknown as ParsedRow[];
  } catch (error) {
    if (error instanceof TraceError) throw error;
    const { lines: line } = error as { lines?: number };
    throw new TraceError(`The file is no CSV: ${(error as Error).message}.`, { file, line }, { cause: error });
  }
}
