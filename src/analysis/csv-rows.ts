/** Rows of a CSV file, with their lines in it. */
import { parse } from "csv-parse/sync";
import { SweepError, TraceError } from "../errors.ts";

export interface CsvRow<Row> {
  readonly record: Row;
  readonly info: { readonly lines: number };
}

/** By column if a function says what the header's columns are, else as lists of cells. Errors: TraceError. */
export function csvRows<Row>(text: string, file: string, columns?: (header: string[]) => string[]): CsvRow<Row>[] {
  const options = { info: true, bom: true, trim: true, skip_empty_lines: true } as const;
  try {
    return parse(text, columns === undefined ? options : { ...options, columns }) as unknown as CsvRow<Row>[];
  } catch (error) {
    if (error instanceof SweepError) throw error;
    const { lines: line } = error as { lines?: number };
    throw new TraceError(`The file is no CSV: ${(error as Error).message}.`, { file, line }, { cause: error });
  }
}

/** The header, if it has all of these columns. Errors: TraceError with what the hint says. */
export function requireColumns(header: string[], required: readonly string[], file: string, hint: string): string[] {
  const missing = required.filter((name) => !header.includes(name));
  if (missing.length === 0) return header;
  throw new TraceError(`The header lacks ${missing.join(", ")}.`, { file, line: 1 }, { hint });
}
