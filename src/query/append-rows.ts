/** Tables in the database from columns in memory. */
import type { DuckDBConnection, DuckDBValue } from "@duckdb/node-api";
import { type DuckDb, sqlName } from "./load-duckdb.ts";

export type ColumnType = "VARCHAR" | "INTEGER" | "BIGINT" | "DOUBLE" | "BOOLEAN";

/** Rows that a chunk of DuckDB holds. */
const CHUNK_ROWS = 2048;

/** Makes the table and fills it with `columns`, which are of equal length. */
export async function appendRows(
  duckDb: DuckDb,
  connection: DuckDBConnection,
  table: string,
  types: readonly (readonly [name: string, type: ColumnType])[],
  columns: readonly (readonly DuckDBValue[])[],
): Promise<void> {
  await connection.run(`CREATE TABLE ${table} (${types.map(([name, type]) => `${sqlName(name)} ${type}`).join(", ")})`);
  const [name, schema] = table.split(".").reverse();
  const appender = await connection.createAppender(name, schema);
  const chunkTypes = types.map(([, type]) => duckDb[type]);
  for (let start = 0; start < columns[0].length; start += CHUNK_ROWS) {
    const chunk = duckDb.DuckDBDataChunk.create(chunkTypes);
    chunk.setColumns(columns.map((values) => values.slice(start, start + CHUNK_ROWS)));
    appender.appendDataChunk(chunk);
  }
  appender.closeSync();
}
