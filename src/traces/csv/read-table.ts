import { decompress } from "../decompress.ts";
import type { OpenFile } from "../open-file.ts";
import { type Column, readColumns } from "./read-columns.ts";

const LARGEST_TOKENS = 2 ** 31 - 1;

/** A column of lengths: tokens, each an integer from 1. */
export function tokenColumn(name: string): Column {
  const expected = `an integer from 1 to ${LARGEST_TOKENS}`;
  return { name, required: true, expected, minimum: 1, maximum: LARGEST_TOKENS, integer: true };
}

/** Some columns of a CSV file that may have others, compressed or not. Errors: TraceError. */
export function readTable(openFile: OpenFile, path: string, columns: readonly Column[]): Float64Array[] {
  const file = openFile(path);
  const { values } = readColumns(decompress(file.bytes, file.path), file.path, columns, {
    skipOthers: true,
    called: "table",
    headerHint: (header) => `Its columns are ${header.join(", ").slice(0, 200)}.`,
  });
  return columns.map(({ name }) => values.get(name) as Float64Array);
}
