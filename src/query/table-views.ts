/** The views `requests`, `nodes` and `samples`: read from the runs' files when a query asks, never loaded as a whole. */
import type { DuckDBConnection } from "@duckdb/node-api";
import { appendRows, type ColumnType } from "./append-rows.ts";
import { type DuckDb, sqlName, sqlText } from "./load-duckdb.ts";
import { TABLE_KINDS, type TableFile, type TableKind } from "./query-source.ts";

/** Types of the columns; those that are not here are text. */
const COLUMN_TYPES: Readonly<Record<TableKind, Readonly<Record<string, string>>>> = {
  requests: {
    request_ids: "DOUBLE",
    response_times: "DOUBLE",
    queue_times: "DOUBLE",
    ttft_times: "DOUBLE",
    tbt_times: "DOUBLE",
    nth_token_overheads: "DOUBLE",
    prompt_sizes: "INTEGER",
    token_sizes: "INTEGER",
  },
  nodes: {
    request_id: "DOUBLE",
    request_type: "INTEGER",
    node_id: "INTEGER",
    node_type: "VARCHAR",
    runner: "VARCHAR",
    start_timestamp: "DOUBLE",
    completion_timestamp: "DOUBLE",
  },
  samples: {
    seconds: "DOUBLE",
    application_id: "INTEGER",
    instance: "INTEGER",
    tag: "VARCHAR",
    running: "INTEGER",
    waiting: "INTEGER",
    requests: "INTEGER",
    batch_tokens: "INTEGER",
    memory_bytes: "DOUBLE",
    memory_share: "DOUBLE",
  },
};

const OWNER_COLUMNS: readonly (readonly [name: string, type: ColumnType])[] = [
  ["path", "VARCHAR"],
  ["sweep", "VARCHAR"],
  ["run", "INTEGER"],
  ["application_id", "INTEGER"],
];

/** Which file is of which run. */
const OWNERS = "sources.files";

/** Makes all views. A view without files has its columns, and no row. */
export async function createTableViews(
  duckDb: DuckDb,
  connection: DuckDBConnection,
  files: readonly TableFile[],
): Promise<void> {
  await connection.run("CREATE SCHEMA sources");
  await appendRows(duckDb, connection, OWNERS, OWNER_COLUMNS, [
    files.map(({ path }) => path),
    files.map(({ sweep }) => sweep),
    files.map(({ run }) => run),
    files.map(({ applicationId }) => applicationId ?? null),
  ]);
  for (const kind of TABLE_KINDS) {
    const ofKind = files.filter((file) => file.kind === kind);
    const owner = kind === "requests" ? "f.sweep, f.run, f.application_id" : "f.sweep, f.run";
    const rows = [...readers(kind, ofKind), noRows(kind)].join("\nUNION ALL BY NAME\n");
    const view = `SELECT ${owner}, d.* EXCLUDE (filename) FROM (${rows}) d JOIN ${OWNERS} f ON d.filename = f.path`;
    await connection.run(`CREATE VIEW ${kind} AS ${view}`);
  }
}

/** A reader for all Parquet files, and one for the CSV files of each header. */
function readers(kind: TableKind, files: readonly TableFile[]): string[] {
  const byHeader = new Map<string | undefined, string[]>();
  for (const { header, path } of files) {
    const paths = byHeader.get(header) ?? [];
    paths.push(path);
    byHeader.set(header, paths);
  }
  return [...byHeader].map(([header, paths]) => {
    const list = `[${paths.map(sqlText).join(", ")}]`;
    return header === undefined
      ? `SELECT * FROM read_parquet(${list}, filename = true)`
      : `SELECT * FROM read_csv(${list}, filename = true, auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', columns = ${columnTypes(kind, header)})`;
  });
}

function columnTypes(kind: TableKind, header: string): string {
  const types = new Map(Object.entries(COLUMN_TYPES[kind]));
  return `{${header
    .split(",")
    .map((name) => `${sqlText(name)}: '${types.get(name) ?? "VARCHAR"}'`)
    .join(", ")}}`;
}

function noRows(kind: TableKind): string {
  const columns = Object.entries(COLUMN_TYPES[kind]).map(([name, type]) => `NULL::${type} AS ${sqlName(name)}`);
  return `SELECT ${columns.join(", ")}, NULL::VARCHAR AS filename WHERE false`;
}
