/** Aligned plain text with a line of group headings above the columns. */

export interface TextColumn {
  /** Heading over neighbouring columns of the same group; "" for none. */
  readonly group: string;
  readonly title: string;
  readonly align: "left" | "right";
}

/** One line per row; columns of a group stand one blank apart, groups two. */
export function formatTextTable(columns: readonly TextColumn[], rows: readonly (readonly string[])[]): string[] {
  const widths = columns.map((column, i) =>
    rows.reduce((width, row) => Math.max(width, row[i].length), column.title.length),
  );
  const spans = groupSpans(columns);
  for (const { label, first, last } of spans) {
    // A heading wider than its columns widens the last one.
    const missing = label.length - spanWidth(widths, first, last);
    if (missing > 0) widths[last] += missing;
  }
  const line = (cells: readonly string[]) =>
    spans
      .map(({ first, last }) =>
        cells
          .slice(first, last + 1)
          .map((cell, i) =>
            columns[first + i].align === "left" ? cell.padEnd(widths[first + i]) : cell.padStart(widths[first + i]),
          )
          .join(" "),
      )
      .join("  ")
      .trimEnd();
  const headings = spans
    .map(({ label, first, last }) => centre(label, spanWidth(widths, first, last)))
    .join("  ")
    .trimEnd();
  const body = [line(columns.map(({ title }) => title)), ...rows.map(line)];
  return headings === "" ? body : [headings, ...body];
}

interface GroupSpan {
  readonly label: string;
  readonly first: number;
  readonly last: number;
}

function groupSpans(columns: readonly TextColumn[]): GroupSpan[] {
  const spans: { label: string; first: number; last: number }[] = [];
  columns.forEach(({ group }, i) => {
    const current = spans.at(-1);
    if (current !== undefined && current.label === group) current.last = i;
    else spans.push({ label: group, first: i, last: i });
  });
  return spans;
}

function spanWidth(widths: readonly number[], first: number, last: number): number {
  let width = last - first;
  for (let i = first; i <= last; i++) width += widths[i];
  return width;
}

/** The label between rules, so that one sees which columns it covers. */
function centre(label: string, width: number): string {
  if (label === "") return " ".repeat(width);
  const free = width - label.length;
  if (free < 4) return label.padStart(label.length + Math.floor(free / 2)).padEnd(width);
  const left = Math.floor(free / 2) - 1;
  return `${"-".repeat(left)} ${label} ${"-".repeat(free - 2 - left)}`;
}
