/** Requests as CSV, with SplitwiseSim's columns. */
import { readFile } from "node:fs/promises";
import { csvPieces } from "../csv.ts";
import { fileError } from "../durable-files.ts";
import type { TextPieces } from "../file-content.ts";
import { REQUEST_COLUMN_NAMES, type RequestColumn, type RequestTable } from "../request-table.ts";
import type { RequestFile } from "./request-file.ts";

export const csvRequestFile: RequestFile = { content, readColumns };

function content({ rows, column }: RequestTable): TextPieces {
  const c = Object.fromEntries(REQUEST_COLUMN_NAMES.map((name) => [name, column(name)])) as Record<
    RequestColumn,
    Float64Array
  >;
  return csvPieces(
    REQUEST_COLUMN_NAMES,
    rows.length,
    (i) =>
      `${c.request_ids[i]},${c.response_times[i]},${c.queue_times[i]},${c.ttft_times[i]},${c.tbt_times[i]},${c.nth_token_overheads[i]},${c.prompt_sizes[i]},${c.token_sizes[i]}`,
  );
}

/** Cells of numbers are never quoted. */
async function readColumns(path: string, names: readonly RequestColumn[]): Promise<Float64Array[] | undefined> {
  const lines = (await textOf(path)).split("\n");
  const header = lines[0].split(",");
  const places = names.map((name) => header.indexOf(name));
  if (places.includes(-1)) return undefined;
  const rows = lines.slice(1).filter((line) => line !== "");
  const columns = names.map(() => new Float64Array(rows.length));
  rows.forEach((line, row) => {
    const cells = line.split(",");
    places.forEach((place, i) => {
      columns[i][row] = Number(cells[place]);
    });
  });
  return columns;
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw fileError("cannot read a table of requests", error);
  }
}
