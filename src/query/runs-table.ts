/** The table `runs`: a row per run of all named sweeps, with typed columns. */
import type { DuckDBConnection, DuckDBValue } from "@duckdb/node-api";
import { type Cell, type RunColumn, runTable } from "../analysis/run-table.ts";
import { appendRows, type ColumnType } from "./append-rows.ts";
import type { DuckDb } from "./load-duckdb.ts";
import type { QuerySource } from "./query-source.ts";

interface Column {
  readonly name: string;
  readonly type: ColumnType;
  readonly values: readonly DuckDBValue[];
}

/** Makes the table. */
export async function createRunsTable(
  duckDb: DuckDb,
  connection: DuckDBConnection,
  sources: readonly QuerySource[],
): Promise<void> {
  const columns = withOwnNames(runColumns(sources));
  const types = columns.map(({ name, type }) => [name, type] as const);
  const values = columns.map((column) => column.values);
  await appendRows(duckDb, connection, "runs", types, values);
}

function runColumns(sources: readonly QuerySource[]): Column[] {
  const sweptKeys = [...new Set(sources.flatMap((source) => source.sweptKeys))];
  const table = runTable(
    sources.flatMap(({ rows }) => rows),
    sweptKeys,
  );
  return [
    { name: "sweep", type: "VARCHAR", values: sources.flatMap(({ sweep, rows }) => rows.map(() => sweep)) },
    { name: "run", type: "INTEGER", values: table.numbers },
    { name: "run_id", type: "VARCHAR", values: table.runIds },
    ...table.columns.filter(({ role }) => role !== "metric").map(parameterColumn),
    { name: "status", type: "VARCHAR", values: table.status },
    {
      name: "notes",
      type: "VARCHAR",
      values: table.notes.map((notes) => (notes.length === 0 ? null : notes.join(" "))),
    },
    ...table.columns
      .filter(({ role }) => role === "metric")
      .map(({ name, values }): Column => ({ name, type: "DOUBLE", values })),
  ];
}

/** Numbers or truth values if all values are. */
function parameterColumn({ name, values }: RunColumn): Column {
  const present = values.filter((value) => value !== null);
  const map = (type: ColumnType, convert: (value: Exclude<Cell, null>) => DuckDBValue): Column => ({
    name,
    type,
    values: values.map((value) => (value === null ? null : convert(value))),
  });
  if (present.every((value) => Number.isSafeInteger(value))) return map("BIGINT", (value) => BigInt(value));
  if (present.every((value) => typeof value === "number")) return map("DOUBLE", (value) => value);
  if (present.every((value) => value === "true" || value === "false"))
    return map("BOOLEAN", (value) => value === "true");
  return map("VARCHAR", String);
}

/** Names differ by more than case in SQL; a key that is called as an earlier column gets a number. */
function withOwnNames(columns: readonly Column[]): Column[] {
  const taken = new Set<string>();
  return columns.map((column) => {
    let { name } = column;
    for (let n = 2; taken.has(name.toLowerCase()); n++) name = `${column.name}_${n}`;
    taken.add(name.toLowerCase());
    return { ...column, name };
  });
}
