/** Rows of a query as aligned text. */
import type { QueryResult } from "../../query/query-result.ts";
import { formatTextTable } from "../../sweep/text-table.ts";
import { cellText } from "./result-text.ts";

/** Longest table: its rows are held to align them. */
const MOST_ROWS = 1000;

export interface ResultTable {
  readonly text: string;
  readonly shown: number;
  /** Whether these are all rows. */
  readonly isWhole: boolean;
}

export async function resultTable({ names, isNumeric, rows }: QueryResult): Promise<ResultTable> {
  const lines: string[][] = [];
  let isWhole = true;
  for await (const part of rows) {
    for (const row of part) {
      if (lines.length < MOST_ROWS) lines.push(row.map(shownCell));
      else isWhole = false;
    }
    if (!isWhole) break;
  }
  const columns = names.map((name, i) => ({
    group: "",
    title: printable(name),
    align: isNumeric[i] ? ("right" as const) : ("left" as const),
  }));
  return { text: `${formatTextTable(columns, lines).join("\n")}\n`, shown: lines.length, isWhole };
}

function shownCell(value: unknown): string {
  if (value === null) return "-";
  return typeof value === "number" ? shownNumber(value) : printable(cellText(value));
}

/** Six significant digits, and all before the point. */
function shownNumber(value: number): string {
  if (Number.isInteger(value)) return String(value);
  return Math.abs(value) >= 1e5 ? value.toFixed(1) : String(Number(value.toPrecision(6)));
}

/** One line, without characters that steer a terminal. */
function printable(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, "\u{fffd}");
}
