/** Requests as Apache Parquet: columns compressed by Snappy, with their least and greatest values by groups of rows. */
import { readFile } from "node:fs/promises";
import { parquetMetadata, parquetRead } from "hyparquet";
import { ByteWriter, type ColumnSource, ParquetWriter, schemaFromColumnData } from "hyparquet-writer";
import { SweepError } from "../../errors.ts";
import { fileError, isSystemError } from "../durable-files.ts";
import { REQUEST_COLUMN_NAMES, type RequestColumn, type RequestTable } from "../request-table.ts";
import type { RequestFile } from "./request-file.ts";

export const parquetRequestFile: RequestFile = { content, readColumns };

/** Rows that are encoded at once. */
const ROWS_PER_GROUP = 100_000;

/** Tokens; all else may have a fraction, identifiers of requests too. */
const WHOLE_COLUMNS: ReadonlySet<RequestColumn> = new Set(["prompt_sizes", "token_sizes"]);

function* content({ rows, column }: RequestTable): Iterable<Uint8Array> {
  const columns = REQUEST_COLUMN_NAMES.map((name) => ({ name, values: column(name) }));
  const group = (start: number, end: number) =>
    columns.map(({ name, values }): ColumnSource => {
      const data = values.subarray(start, end);
      const isWhole = WHOLE_COLUMNS.has(name);
      return {
        name,
        nullable: false,
        ...(isWhole ? { type: "INT32", data: Int32Array.from(data) } : { type: "DOUBLE", data }),
      };
    });
  const writer = new ByteWriter();
  const file = new ParquetWriter({
    writer,
    schema: schemaFromColumnData({ columnData: group(0, 0) }),
    createdBy: "servesweep",
  });
  for (let start = 0; start < rows.length; start += ROWS_PER_GROUP) {
    const columnData = group(start, Math.min(start + ROWS_PER_GROUP, rows.length));
    file.write({ columnData, rowGroupSize: ROWS_PER_GROUP });
    yield taken(writer);
  }
  file.finish();
  yield taken(writer);
}

/** What was written since the last call. */
function taken(writer: ByteWriter): Uint8Array {
  const bytes = writer.getBytes().slice();
  writer.index = 0;
  return bytes;
}

async function readColumns(path: string, names: readonly RequestColumn[]): Promise<Float64Array[] | undefined> {
  try {
    const bytes = await readFile(path);
    const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
    const metadata = parquetMetadata(file);
    const present = new Set(metadata.schema.slice(1).map(({ name }) => name));
    if (!names.every((name) => present.has(name))) return undefined;
    const columns = new Map(names.map((name) => [name as string, new Float64Array(Number(metadata.num_rows))]));
    await parquetRead({
      file,
      metadata,
      columns: [...names],
      onChunk: ({ columnName, columnData, rowStart }) =>
        columns.get(columnName)?.set(columnData as ArrayLike<number>, rowStart),
    });
    return [...columns.values()];
  } catch (error) {
    if (isSystemError(error)) throw fileError("cannot read a table of requests", error);
    const message = `'${path}' is no Parquet file of requests: ${(error as Error).message}`;
    throw new SweepError("FILE", message, { cause: error });
  }
}
