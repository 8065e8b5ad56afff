/** Aligned plain text with a line of group headings above the columns, as wide as there is room. */
import { fitColumns } from "./fit-columns.ts";
import { cut, measureColumns, spanWidth, type TextColumn, type TextRow } from "./text-columns.ts";

export type { TextColumn, TextRow } from "./text-columns.ts";

/** One line per row; columns of a group stand one blank apart, groups two. */
export function formatTextTable(
  columns: readonly TextColumn[],
  rows: readonly TextRow[],
  /** Characters; nothing is left out without it. */
  width = Number.POSITIVE_INFINITY,
): string[] {
  const cells = alignDecimals(
    columns,
    rows.map((row) => row.map(printable)),
  );
  const { shown, cutTo, notes } = fitColumns(columns, cells, width);
  const cutCell = (text: string, column: number) => cut(text, cutTo.get(column) ?? Number.POSITIVE_INFINITY);
  return [
    ...layOut(
      shown.map((column) => ({ ...columns[column], title: cutCell(columns[column].title, column) })),
      cells.map((row) => shown.map((column) => cutCell(row[column], column))),
    ).map((line) => cutLine(line, width)),
    ...notes,
  ];
}

function layOut(columns: readonly TextColumn[], rows: readonly TextRow[]): string[] {
  const { widths, spans } = measureColumns(columns, rows);
  const line = (cells: TextRow, isTitle: boolean) =>
    spans
      .map(({ first, last }) =>
        cells
          .slice(first, last + 1)
          .map((cell, i) => {
            const { align, style } = columns[first + i];
            const padded = align === "left" ? cell.padEnd(widths[first + i]) : cell.padStart(widths[first + i]);
            return style === undefined || isTitle ? padded : style(padded);
          })
          .join(" "),
      )
      .join("  ")
      .trimEnd();
  const headings = spans
    .map(({ label, first, last }) => centre(label, spanWidth(widths, first, last)))
    .join("  ")
    .trimEnd();
  const titles = columns.map(({ title }) => title);
  const body = [line(titles, true), ...rows.map((row) => line(row, false))];
  return headings === "" ? body : [headings, ...body];
}

/** The label between rules, so that one sees which columns it covers. */
function centre(label: string, width: number): string {
  if (label === "") return " ".repeat(width);
  const free = width - label.length;
  if (free < 4) return label.padStart(label.length + Math.floor(free / 2)).padEnd(width);
  const left = Math.floor(free / 2) - 1;
  return `${"-".repeat(left)} ${label} ${"-".repeat(free - 2 - left)}`;
}

/** Cells of decimal columns, with blanks behind them that put the points below each other. */
function alignDecimals(columns: readonly TextColumn[], rows: readonly TextRow[]): TextRow[] {
  const afterPoint = columns.map(({ align }, i) =>
    align === "decimal" ? rows.reduce((most, row) => Math.max(most, charactersAfterUnits(row[i])), 0) : 0,
  );
  return rows.map((row) =>
    row.map((cell, i) => (afterPoint[i] === 0 ? cell : cell + " ".repeat(afterPoint[i] - charactersAfterUnits(cell)))),
  );
}

/** The point and what is behind it. */
function charactersAfterUnits(cell: string): number {
  const point = cell.indexOf(".");
  return point < 0 ? 0 : cell.length - point;
}

/** A table that is too wide even with one column; colours are only where there is room. */
function cutLine(line: string, width: number): string {
  return line.includes("\u001b") ? line : cut(line, width);
}

/** Texts come from the user's input: none may steer the terminal. */
function printable(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, "\u{fffd}");
}
