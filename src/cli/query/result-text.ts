/** Rows of a query as CSV or JSON, in pieces. */
import type { QueryResult } from "../../query/query-result.ts";
import { textCell } from "../../results/csv.ts";

export type TextFormat = "csv" | "json";

export function resultText(result: QueryResult, format: TextFormat): AsyncIterable<string> {
  return format === "csv" ? csvText(result) : jsonText(result);
}

async function* csvText({ names, rows }: QueryResult): AsyncIterable<string> {
  yield `${names.map(textCell).join(",")}\n`;
  for await (const part of rows) {
    yield part.map((row) => `${row.map((value) => textCell(cellText(value))).join(",")}\n`).join("");
  }
}

/** A row per line. */
async function* jsonText({ names, rows }: QueryResult): AsyncIterable<string> {
  const keys = names.map((name) => JSON.stringify(name));
  let separator = "[\n";
  for await (const part of rows) {
    if (part.length === 0) continue;
    const lines = part.map((row) => `{${row.map((value, i) => `${keys[i]}:${JSON.stringify(value)}`).join(",")}}`);
    yield separator + lines.join(",\n");
    separator = ",\n";
  }
  yield separator === ",\n" ? "\n]\n" : "[]\n";
}

/** Nothing for NULL; lists and structures as JSON. */
export function cellText(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
