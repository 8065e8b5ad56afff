/** DuckDB, an optional package: a database in memory that spills into a folder of its own. */
import type { DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { SweepError } from "../errors.ts";

export type DuckDb = typeof import("@duckdb/node-api");

/** Errors: SweepError `USAGE` if the package is not there. */
export async function loadDuckDb(): Promise<DuckDb> {
  try {
    return await import("@duckdb/node-api");
  } catch (error) {
    throw new SweepError("USAGE", "Queries need the optional package @duckdb/node-api.", {
      hint: "Install it (npm install @duckdb/node-api), or read runs.csv and detailed/*.csv with a tool of your own.",
      cause: error,
    });
  }
}

export interface DatabaseLimits {
  readonly memoryMebibytes: number;
  /** With one, sums of floating-point numbers are the same each time. */
  readonly threads: number;
}

/** `spillDirectory` is made when it is needed. */
export async function openDatabase(
  duckDb: DuckDb,
  { memoryMebibytes, threads }: DatabaseLimits,
  spillDirectory: string,
): Promise<DuckDBInstance> {
  return duckDb.DuckDBInstance.create(":memory:", {
    memory_limit: `${memoryMebibytes}MiB`,
    threads: String(threads),
    temp_directory: spillDirectory,
    errors_as_json: "true",
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
  });
}

/** From now on nothing outside the database can be read or written but these files, and no setting changes. */
export async function lockDatabase(connection: DuckDBConnection, files: readonly string[]): Promise<void> {
  await connection.run(`SET allowed_paths = [${files.map(sqlText).join(", ")}]`);
  await connection.run("SET enable_external_access = false");
  await connection.run("SET lock_configuration = true");
}

export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

export function sqlName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
