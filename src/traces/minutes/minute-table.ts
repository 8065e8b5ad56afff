/** Requests per minute as plain CSV: a row per minute, and a column per model or whatever sends requests. */
import { TraceError } from "../../errors.ts";
import { CellScanner } from "../csv/cell-scanner.ts";
import { type Column, readColumns } from "../csv/read-columns.ts";
import { decompress } from "../decompress.ts";
import type { OpenFile } from "../open-file.ts";
import { LARGEST_MINUTE, type MinuteSource } from "./minute-source.ts";

/** Numbers the rows, and is no series. */
const ROW_COLUMN = "minute";

/** More columns than that are a table that was turned around. */
const LARGEST_COLUMNS = 10_000;

/** The series are the `column`, or all columns but `minute`. Errors: TraceError. */
export function minuteTable(openFile: OpenFile, path: string, column: string | undefined): MinuteSource {
  const file = openFile(path);
  const bytes = decompress(file.bytes, file.path);
  const names = column === undefined ? seriesOf(bytes, file.path) : [column];
  const { count, values } = readColumns(bytes, file.path, names.map(requestsColumn), {
    skipOthers: true,
    called: "table",
    headerHint: (header) => `Its columns are ${header.join(", ").slice(0, 200)}.`,
  });
  return {
    title: file.path,
    series: "column",
    minutes: count,
    scan: (visit) => {
      for (const [name, requests] of values) if (names.includes(name)) visit(name, 0, requests);
    },
  };
}

function seriesOf(bytes: Uint8Array, source: string): string[] {
  const scanner = new CellScanner(bytes);
  if (!scanner.hasRow()) return [];
  const { line } = scanner;
  const names = scanner.readLine().filter((name) => name !== ROW_COLUMN);
  if (names.length > 0 && names.length <= LARGEST_COLUMNS) return names;
  const message =
    names.length === 0
      ? "The table has no column of requests per minute."
      : `The table has ${names.length} columns, expected at most ${LARGEST_COLUMNS}.`;
  throw new TraceError(
    message,
    { file: source, line },
    { hint: "Expected a row per minute, and a column per application." },
  );
}

function requestsColumn(name: string): Column {
  return {
    name,
    required: true,
    expected: `requests per minute, a number from 0 to ${LARGEST_MINUTE}`,
    minimum: 0,
    maximum: LARGEST_MINUTE,
    integer: false,
  };
}
