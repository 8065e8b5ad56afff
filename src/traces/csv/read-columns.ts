/** Reads a CSV file of known columns into typed arrays, in any order of columns, and says exactly what is wrong with it. */
import { TraceError } from "../../errors.ts";
import { didYouMean } from "../../suggest.ts";
import { CellScanner } from "./cell-scanner.ts";
import type { FloatParser } from "./parse-decimal.ts";

/** What a column may hold. */
export interface Column {
  readonly name: string;
  readonly required: boolean;
  /** For messages, such as "an integer from 1". */
  readonly expected: string;
  readonly minimum: number;
  readonly maximum: number;
  readonly integer: boolean;
  /** The value of a cell that is not a plain number; NaN if the text is wrong. */
  readonly parse?: (text: string) => number;
}

export interface ColumnValues {
  readonly count: number;
  /** Line of each row. */
  readonly lines: Int32Array;
  /** By the name of each column that the file has. */
  readonly values: ReadonlyMap<string, Float64Array>;
}

export interface ReadColumnsOptions {
  readonly floatParser?: FloatParser | undefined;
  /** Rows to read; the rest is not looked at. */
  readonly limit?: number | undefined;
  /** Columns that are not known are read over instead of refused. */
  readonly skipOthers?: boolean | undefined;
  /** What messages call the file: a trace. */
  readonly called?: string | undefined;
  /** Given with a complaint about the header. */
  readonly headerHint?: (header: readonly string[]) => string | undefined;
}

/** Errors: TraceError with the line. */
export function readColumns(
  bytes: Uint8Array,
  source: string,
  known: readonly Column[],
  options: ReadColumnsOptions = {},
): ColumnValues {
  const scanner = new CellScanner(bytes, options.floatParser);
  const called = options.called ?? "trace";
  if (!scanner.hasRow()) throw new TraceError(`The ${called} is empty.`, { file: source }, { hint: headerOf(known) });
  const columns = matchHeader(scanner, source, known, options);
  const width = columns.length;
  const capacity = Math.min(scanner.countRows(width), options.limit ?? Number.POSITIVE_INFINITY);
  const values = columns.map(() => new Float64Array(capacity));
  const lines = new Int32Array(capacity);
  let row = 0;
  for (; row < capacity && scanner.hasRow(); row++) {
    const { line } = scanner;
    lines[row] = line;
    for (let i = 0; i < width; i++) {
      const column = columns[i];
      const value = column.parse === undefined ? scanner.number() : column.parse(scanner.text());
      if (!(value >= column.minimum && value <= column.maximum) || (column.integer && value !== Math.floor(value))) {
        throw cellError(scanner.text(), column, source, line);
      }
      values[i][row] = value;
      if (scanner.separator() !== i < width - 1) throw widthError(bytes, source, line, width);
    }
  }
  if (row === 0) {
    throw new TraceError(`The ${called} has a header and no ${options.called === undefined ? "requests" : "rows"}.`, {
      file: source,
      line: scanner.line,
    });
  }
  return {
    count: row,
    lines: lines.slice(0, row),
    values: new Map(columns.map(({ name }, i) => [name, values[i].slice(0, row)])),
  };
}

function matchHeader(
  scanner: CellScanner,
  source: string,
  known: readonly Column[],
  { called = "trace", skipOthers, headerHint }: ReadColumnsOptions,
): Column[] {
  const { line } = scanner;
  const names = scanner.readLine();
  const fail = (message: string, otherwise: string) =>
    new TraceError(message, { file: source, line }, { hint: headerHint?.(names) ?? separatorHint(names) ?? otherwise });
  const columns = names.map((name, i) => {
    const column = known.find((candidate) => candidate.name === name);
    if (column === undefined && skipOthers) return skipped(name);
    if (column === undefined) {
      const absent = known.map((candidate) => candidate.name).filter((candidate) => !names.includes(candidate));
      const near = didYouMean(name, absent);
      throw fail(
        `The ${called} has an unknown column '${name}'.`,
        near === undefined ? headerOf(known) : `${near} ${headerOf(known)}`,
      );
    }
    if (names.indexOf(name) !== i) throw fail(`The column '${name}' is there twice.`, headerOf(known));
    return column;
  });
  for (const column of known) {
    if (column.required && !columns.includes(column)) {
      throw fail(`The ${called} has no column '${column.name}'.`, headerOf(known));
    }
  }
  return columns;
}

/** Takes any text, and makes nothing of it. */
function skipped(name: string): Column {
  return { name, required: false, expected: "", minimum: 0, maximum: 0, integer: false, parse: () => 0 };
}

function separatorHint(names: readonly string[]): string | undefined {
  const separator = names.length === 1 ? /[;\t|]/.exec(names[0])?.[0] : undefined;
  return separator && `Cells are separated by commas; this header has ${JSON.stringify(separator)} in between.`;
}

function headerOf(known: readonly Column[]): string {
  const optional = known.filter(({ required }) => !required).map(({ name }) => name);
  const required = known.filter((column) => column.required).map(({ name }) => name);
  const may = optional.length === 0 ? "" : `, and may have ${optional.join(", ")}`;
  return `The header must have ${required.join(", ")}${may}.`;
}

function cellError(text: string, column: Column, source: string, line: number): TraceError {
  const found = text.length > 40 ? `${text.slice(0, 40)}…` : text;
  return new TraceError(`${column.name} is '${found}', expected ${column.expected}.`, { file: source, line });
}

function widthError(bytes: Uint8Array, source: string, line: number, width: number): TraceError {
  const scanner = new CellScanner(bytes);
  while (scanner.line < line) scanner.readLine();
  const found = scanner.readLine().length;
  return new TraceError(`The row has ${found} cells, expected ${width} as the header has.`, { file: source, line });
}
