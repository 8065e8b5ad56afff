/** CSV text. Numbers print as the shortest text that reads back to the same double; absent values are empty cells. */

import type { TextPieces } from "./file-content.ts";

const PIECE_LENGTH = 64 * 1024;

/** A number as a cell; what is no finite number (nothing happened, nothing to average) is an empty cell. */
export function numberCell(value: number | null | undefined): string {
  return typeof value === "number" && Number.isFinite(value) ? String(value) : "";
}

/** Text as a cell, quoted by RFC 4180 where it must be. */
export function textCell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A header and rows as pieces of about 64 KiB; `row(i)` is a whole line without its line feed, or several. */
export function* csvPieces(header: readonly string[], count: number, row: (index: number) => string): TextPieces {
  let piece = `${header.join(",")}\n`;
  for (let i = 0; i < count; i++) {
    piece += row(i);
    piece += "\n";
    if (piece.length >= PIECE_LENGTH) {
      yield piece;
      piece = "";
    }
  }
  if (piece !== "") yield piece;
}
