/** Where the columns of a text table stand: their widths, and the headings over them. */

export interface TextColumn {
  /** Heading over neighbouring columns of the same group; "" for none. */
  readonly group: string;
  readonly title: string;
  /** `decimal`: numbers stand with their points below each other. */
  readonly align: "left" | "right" | "decimal";
  /** What the column is called where it is left out; its title by default. */
  readonly name?: string;
  /** Where room is scarce all columns of the highest rank are left out first; those of 0, the default, last and one by one. */
  readonly rank?: number;
  /** Texts may be cut. */
  readonly canCut?: boolean;
  /** Colours a cell, which is padded already. */
  readonly style?: (padded: string) => string;
}

export type TextRow = readonly string[];

interface GroupSpan {
  readonly label: string;
  readonly first: number;
  readonly last: number;
}

export interface ColumnSpans {
  readonly widths: readonly number[];
  /** Neighbouring columns of the same group. */
  readonly spans: readonly GroupSpan[];
}

/** Characters of every column, and which of them stand under one heading. */
export function measureColumns(columns: readonly TextColumn[], rows: readonly TextRow[]): ColumnSpans {
  const widths = columns.map((column, i) =>
    rows.reduce((width, row) => Math.max(width, row[i].length), column.title.length),
  );
  const spans = groupSpans(columns);
  for (const { label, first, last } of spans) {
    // A heading wider than its columns widens the last one.
    const missing = label.length - spanWidth(widths, first, last);
    if (missing > 0) widths[last] += missing;
  }
  return { widths, spans };
}

/** Characters of a whole line. */
export function tableWidth(columns: readonly TextColumn[], rows: readonly TextRow[]): number {
  const { widths, spans } = measureColumns(columns, rows);
  return spans.reduce((sum, { first, last }) => sum + spanWidth(widths, first, last) + 2, -2);
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

export function spanWidth(widths: readonly number[], first: number, last: number): number {
  let width = last - first;
  for (let i = first; i <= last; i++) width += widths[i];
  return width;
}

/** The text, or its beginning and an ellipsis. */
export function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}
