/** Results of a query, in pieces, as values that JSON has. */
import type { DuckDBResult, Json } from "@duckdb/node-api";
import type { DuckDb } from "./load-duckdb.ts";

export interface QueryResult {
  /** Of equal names the second has a `:1`, and so on. */
  readonly names: readonly string[];
  /** By column. */
  readonly isNumeric: readonly boolean[];
  /** What is no finite number, or too large for a double, is text. */
  readonly rows: AsyncIterable<readonly (readonly Json[])[]>;
}

export function queryResult(duckDb: DuckDb, result: DuckDBResult): QueryResult {
  const numeric = new Set<number>([
    ...(["TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT"] as const).map((name) => duckDb.DuckDBTypeId[name]),
    ...(["UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT"] as const).map((name) => duckDb.DuckDBTypeId[name]),
    ...(["DECIMAL", "FLOAT", "DOUBLE"] as const).map((name) => duckDb.DuckDBTypeId[name]),
  ]);
  const isNumeric = Array.from({ length: result.columnCount }, (_, i) => numeric.has(result.columnTypeId(i)));
  return { names: result.deduplicatedColumnNames(), isNumeric, rows: rowsOf(duckDb, result, isNumeric) };
}

async function* rowsOf(duckDb: DuckDb, result: DuckDBResult, isNumeric: readonly boolean[]) {
  for await (const rows of result.yieldConvertedRows(duckDb.JsonDuckDBValueConverter)) {
    yield rows.map((row) => row.map((value, i) => (isNumeric[i] ? numberOf(value) : value)));
  }
}

/** Large whole numbers and decimals come as text. */
function numberOf(value: Json): Json {
  if (typeof value !== "string") return value;
  const number = Number(value);
  const isExact = /^-?\d+$/.test(value) ? Number.isSafeInteger(number) : value.replace(/\D/g, "").length <= 15;
  return Number.isFinite(number) && isExact ? number : value;
}
