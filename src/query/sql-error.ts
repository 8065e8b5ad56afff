/** What DuckDB says of a query, as an error with the place in the query. */
import { SweepError } from "../errors.ts";

/** DuckDB's account of an error (`errors_as_json`). */
interface Account {
  readonly exception_type: string;
  readonly exception_message: string;
  /** Bytes of the statement before the mistake. */
  readonly position?: string;
}

const HINTS: ReadonlyMap<string, string> = new Map([
  [
    "Permission",
    "A query sees the views runs, requests, nodes and samples of the named sweeps, and no file; --output FILE writes its result.",
  ],
  ["Out of Memory", "--memory MIB gives the query more."],
]);

/** `prefixBytes`: what was put before the user's `sql`. Errors that are not DuckDB's stay as they are. */
export function sqlError(error: unknown, sql: string, prefixBytes = 0): unknown {
  const account = accountOf(error);
  if (account === undefined) return error;
  const { exception_type: type, exception_message } = account;
  // What DuckDB proposes then are settings, and those are locked.
  const [text] = exception_message.split("\n\nPossible solutions:", 1);
  const bytes = Number(account.position) - prefixBytes;
  const place = bytes >= 0 && bytes <= Buffer.byteLength(sql) ? placeIn(sql, bytes) : undefined;
  const message = `SQL${place?.position ?? ""}: ${text}${place === undefined ? "" : `\n${place.excerpt}`}`;
  return new SweepError("USAGE", message, { hint: HINTS.get(type), cause: error });
}

function accountOf(error: unknown): Account | undefined {
  if (!(error instanceof Error)) return undefined;
  const start = error.message.indexOf("{");
  try {
    const value: unknown = JSON.parse(error.message.slice(start));
    return isAccount(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isAccount(value: unknown): value is Account {
  if (typeof value !== "object" || value === null) return false;
  const { exception_type: type, exception_message: text } = value as Record<string, unknown>;
  return typeof type === "string" && typeof text === "string";
}

/** Characters of a long line that are shown on either side. */
const CONTEXT = 60;

function placeIn(sql: string, bytes: number): { position: string; excerpt: string } {
  const before = Buffer.from(sql).subarray(0, bytes).toString("utf8");
  const lineStart = before.lastIndexOf("\n") + 1;
  const line = sql.slice(lineStart).split("\n", 1)[0];
  const column = before.length - lineStart;
  const start = Math.max(0, column - CONTEXT);
  const shown = line.slice(start, column + CONTEXT).replaceAll(/\s/g, " ");
  return {
    position: `:${before.split("\n").length}:${column + 1}`,
    excerpt: `  ${shown}\n  ${" ".repeat(column - start)}^`,
  };
}
