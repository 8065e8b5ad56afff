/** A query over finished sweeps: one SELECT that sees their tables and nothing else. */
import type { DuckDBConnection, DuckDBExtractedStatements, DuckDBPreparedStatement } from "@duckdb/node-api";
import { SweepError } from "../errors.ts";
import { type DatabaseLimits, type DuckDb, loadDuckDb, lockDatabase, openDatabase, sqlText } from "./load-duckdb.ts";
import { type QueryResult, queryResult } from "./query-result.ts";
import type { QuerySource } from "./query-source.ts";
import { createRunsTable } from "./runs-table.ts";
import { sqlError } from "./sql-error.ts";
import { createTableViews } from "./table-views.ts";

export interface Query {
  /** Streams the result. Errors: SweepError `USAGE`, when the query is run or as its rows are read. */
  rows(): Promise<QueryResult>;
  /** Writes the result to the file that `openQuery` was told. */
  writeParquet(): Promise<void>;
  /** Whatever is running ends with an error soon. */
  interrupt(): void;
  close(): void;
}

export interface QueryOptions extends DatabaseLimits {
  readonly spillDirectory: string;
  /** Absolute path of a new file that `writeParquet` may write. */
  readonly parquetPath?: string | undefined;
}

/** Opens the sources and checks `sql`. Errors: SweepError `USAGE` with the place of a mistake. */
export async function openQuery(sql: string, sources: readonly QuerySource[], options: QueryOptions): Promise<Query> {
  const duckDb = await loadDuckDb();
  const database = await openDatabase(duckDb, options, options.spillDirectory);
  const connection = await database.connect();
  const close = () => {
    connection.closeSync();
    database.closeSync();
  };
  try {
    const files = sources.flatMap((source) => source.files);
    await createRunsTable(duckDb, connection, sources);
    await createTableViews(duckDb, connection, files);
    const { parquetPath } = options;
    await lockDatabase(connection, [
      ...files.map(({ path }) => path),
      ...(parquetPath === undefined ? [] : [parquetPath]),
    ]);
    const statement = await prepareSelect(duckDb, connection, sql);
    return {
      rows: async () => {
        const result = queryResult(duckDb, await explained(statement.stream(), sql));
        return { ...result, rows: explainedRows(result.rows, sql) };
      },
      writeParquet: () => copyTo(connection, sql, parquetPath ?? ""),
      interrupt: () => connection.interrupt(),
      close,
    };
  } catch (error) {
    close();
    throw error;
  }
}

/** A COPY could write the files that may be read, so nothing but a SELECT is let through. */
async function prepareSelect(
  duckDb: DuckDb,
  connection: DuckDBConnection,
  sql: string,
): Promise<DuckDBPreparedStatement> {
  if (sql.trim() === "") throw notOneSelect("no statement");
  const statements = await extractedStatements(connection, sql);
  if (statements.count !== 1) throw notOneSelect(`${statements.count} statements`);
  const statement = await explained(statements.prepare(0), sql);
  const { SELECT } = duckDb.StatementType;
  if (statement.statementType !== SELECT) throw notOneSelect(duckDb.StatementType[statement.statementType]);
  if (statement.parameterCount > 0) throw notOneSelect("parameters without values");
  return statement;
}

async function extractedStatements(connection: DuckDBConnection, sql: string): Promise<DuckDBExtractedStatements> {
  try {
    return await connection.extractStatements(sql);
  } catch (error) {
    const explained = sqlError(error, sql);
    // DuckDB has no words for a text of comments alone.
    throw explained === error ? notOneSelect("no statement") : explained;
  }
}

function notOneSelect(found: string): SweepError {
  return new SweepError("USAGE", `SQL: found ${found}, expected one SELECT.`, {
    hint: "A query changes nothing: write its result with --output FILE.",
  });
}

async function copyTo(connection: DuckDBConnection, sql: string, path: string): Promise<void> {
  const prefix = "COPY (\n";
  const text = `${prefix}${sql.replace(/[;\s]+$/, "")}\n) TO ${sqlText(path)} (FORMAT parquet, USE_TMP_FILE false)`;
  await explained(connection.run(text), sql, prefix.length);
}

async function explained<T>(result: Promise<T>, sql: string, prefixBytes = 0): Promise<T> {
  try {
    return await result;
  } catch (error) {
    throw sqlError(error, sql, prefixBytes);
  }
}

async function* explainedRows<T>(rows: AsyncIterable<T>, sql: string): AsyncIterable<T> {
  try {
    yield* rows;
  } catch (error) {
    throw sqlError(error, sql);
  }
}
