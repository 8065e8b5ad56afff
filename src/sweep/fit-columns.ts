/** Which columns of a table there is room for. */
import { cut, type TextColumn, type TextRow, tableWidth } from "./text-columns.ts";

interface FittedColumns {
  /** Positions of the columns that stay. */
  readonly shown: readonly number[];
  /** Characters that texts are cut to, by column. */
  readonly cutTo: ReadonlyMap<number, number>;
  /** Lines that say what was left out. */
  readonly notes: readonly string[];
}

/** Texts are first cut to this, then numbers are left out, then texts are cut as short as they may be. */
const COMFORTABLE_CHARACTERS = 24;
const LEAST_CHARACTERS = 8;

/** O(columns^2 x rows) if little fits. */
export function fitColumns(columns: readonly TextColumn[], rows: readonly TextRow[], width: number): FittedColumns {
  let shown = columns.map((_, column) => column);
  const cutTo = new Map<number, number>();
  const excess = () => {
    const shorten = (text: string, column: number) => cut(text, cutTo.get(column) ?? Number.POSITIVE_INFINITY);
    return (
      tableWidth(
        shown.map((column) => ({ ...columns[column], title: shorten(columns[column].title, column) })),
        rows.map((row) => shown.map((column) => shorten(row[column], column))),
      ) - width
    );
  };
  const longest = (column: number) =>
    rows.reduce((most, row) => Math.max(most, row[column].length), columns[column].title.length);
  const characters = new Map(columns.flatMap(({ canCut }, column) => (canCut ? [[column, longest(column)]] : [])));

  for (let over = excess(); over > 0; over = excess()) {
    const [widest, present] = shown
      .map((column) => [column, characters.get(column) ?? 0] as const)
      .reduce((a, b) => (b[1] > a[1] ? b : a), [-1, 0] as const);
    const least = shown.some((column) => rankOf(columns[column]) > 0) ? COMFORTABLE_CHARACTERS : LEAST_CHARACTERS;
    if (present > least) {
      const next = Math.max(least, present - over);
      characters.set(widest, next);
      cutTo.set(widest, next);
      continue;
    }
    if (shown.length === 1) break;
    const leaving = leastImportant(columns, shown);
    shown = shown.filter((column) => !leaving.includes(column));
  }
  const hidden = columns.filter((_, column) => !shown.includes(column)).map(hiddenName);
  return {
    shown,
    cutTo,
    notes: hidden.length === 0 ? [] : foldWords(`not shown for lack of room: ${hidden.join(", ")}`, width),
  };
}

/** All of the highest rank, so that groups stay alike; of rank 0 the last one. */
function leastImportant(columns: readonly TextColumn[], shown: readonly number[]): readonly number[] {
  const highest = Math.max(...shown.map((column) => rankOf(columns[column])));
  return highest === 0 ? shown.slice(-1) : shown.filter((column) => rankOf(columns[column]) === highest);
}

function rankOf({ rank = 0 }: TextColumn): number {
  return rank;
}

function hiddenName({ name, group, title }: TextColumn): string {
  return name ?? [group.replace(/,.*/, ""), title].filter((part) => part !== "").join(" ");
}

/** Lines of at most `width` characters, as far as words are no longer. */
export function foldWords(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}
