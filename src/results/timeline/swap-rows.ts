/** What a timeline shows of swapping, in order of its end: loads and what happened to models, transfers over links, memory. */
import type {
  CommittedRow,
  MovedRow,
  RateRow,
  SwapLogRow,
  SwapRecord,
  SwapTimelineColumns,
} from "../../sim/recorder.ts";
import { LaneBook } from "./lane-book.ts";
import type { Window } from "./transfers.ts";

/** From the decision until the model is ready. */
export interface LoadRow {
  readonly group: number;
  readonly model: number;
  readonly tier: string;
  readonly isPrefetch: boolean;
  readonly startSeconds: number;
  readonly endSeconds: number;
}

export type SwapRow =
  | { readonly kind: "load"; readonly seconds: number; readonly lane: number; readonly row: LoadRow }
  | { readonly kind: "moved"; readonly seconds: number; readonly lane: number; readonly row: MovedRow }
  | { readonly kind: "instant"; readonly seconds: number; readonly row: SwapLogRow }
  | { readonly kind: "committed"; readonly seconds: number; readonly row: CommittedRow }
  | { readonly kind: "rate"; readonly seconds: number; readonly row: RateRow };

export interface SwapRows {
  /** `seconds` is the end of each. */
  readonly rows: readonly SwapRow[];
  /** Rows within the window that are later than all of these. */
  readonly leftOut: number;
  readonly loadLanes: LaneBook;
  readonly linkLanes: LaneBook;
}

/** Loads that ended, in the order of their ends; those that the end of the run cuts off are not among them. */
export function loadsOf({ log }: SwapRecord): LoadRow[] {
  const open = new Map<string, SwapLogRow>();
  const loads: LoadRow[] = [];
  for (const row of log) {
    const key = `${row.group} ${row.model}`;
    if (row.event === "load") open.set(key, row);
    const begun = row.event === "ready" ? open.get(key) : undefined;
    if (begun === undefined) continue;
    open.delete(key);
    const { group, model, tier = "", isPrefetch = false, decidedSeconds = begun.seconds } = begun;
    loads.push({ group, model, tier, isPrefetch, startSeconds: decidedSeconds, endSeconds: row.seconds });
  }
  return loads;
}

/** Nothing where no models are swapped. */
export function swapRowsOf(
  swapping: SwapRecord | undefined,
  columns: SwapTimelineColumns | undefined,
  window: Window,
): SwapRows {
  const { fromSeconds, untilSeconds } = window;
  const loadLanes = new LaneBook();
  const linkLanes = new LaneBook();
  if (swapping === undefined || columns === undefined) return { rows: [], leftOut: 0, loadLanes, linkLanes };
  const loads = loadsOf(swapping).filter(
    ({ startSeconds, endSeconds }) => endSeconds > fromSeconds && startSeconds < untilSeconds,
  );
  const instants = swapping.log.filter(
    ({ event, seconds }) => !["load", "ready"].includes(event) && seconds >= fromSeconds && seconds < untilSeconds,
  );
  const all: SwapRow[] = [
    ...onLanes(loads, loadLanes, ({ group }) => group).map((each) => ({ kind: "load", ...each }) as const),
    ...onLanes(columns.moved, linkLanes, ({ link }) => link).map((each) => ({ kind: "moved", ...each }) as const),
    ...instants.map((row) => ({ kind: "instant", seconds: row.seconds, row }) as const),
    ...columns.committed.map((row) => ({ kind: "committed", seconds: row.seconds, row }) as const),
    ...ofLinksInUse(columns.rates).map((row) => ({ kind: "rate", seconds: row.seconds, row }) as const),
  ];
  all.sort((a, b) => a.seconds - b.seconds);
  // The log is whole, so all is known only until the last row that was recorded beside it.
  const last = Math.max(
    columns.moved.at(-1)?.endSeconds ?? 0,
    columns.committed.at(-1)?.seconds ?? 0,
    columns.rates.at(-1)?.seconds ?? 0,
  );
  const rows = columns.leftOut === 0 ? all : all.filter(({ seconds }) => seconds <= last);
  return { rows, leftOut: columns.leftOut + all.length - rows.length, loadLanes, linkLanes };
}

function ofLinksInUse(rates: readonly RateRow[]): RateRow[] {
  const used = new Set(rates.filter(({ bytesPerSecond }) => bytesPerSecond > 0).map(({ link }) => link));
  return rates.filter(({ link }) => used.has(link));
}

function onLanes<Row extends { readonly startSeconds: number; readonly endSeconds: number }>(
  rows: readonly Row[],
  lanes: LaneBook,
  ownerOf: (row: Row) => number,
): { seconds: number; lane: number; row: Row }[] {
  return [...rows]
    .sort((a, b) => a.startSeconds - b.startSeconds)
    .map((row) => ({
      seconds: row.endSeconds,
      lane: lanes.place(ownerOf(row), row.startSeconds, row.endSeconds),
      row,
    }));
}
