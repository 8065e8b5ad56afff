/** What a figure of a timeline draws: a row per track, with a bar per slice where there is room for that. */
import { ACTIVITIES, type Activity, type RunRecord, type TimelineColumns } from "../../sim/recorder.ts";
import { transfersOf, type Window } from "./transfers.ts";

/** If a row has more slices than one in so many pixels, all show shares of time, in columns of `COLUMN_PIXELS`. */
const SLICE_PIXELS = 4;
const COLUMN_PIXELS = 2;

export interface Bar {
  /** Index of its row. */
  readonly row: number;
  readonly kind: Activity | "transfer";
  readonly startSeconds: number;
  readonly endSeconds: number;
  /** Parts of the row's height, from below; 0 and 1 for a slice. */
  readonly low: number;
  readonly high: number;
}

export interface BusyBars {
  readonly rows: readonly string[];
  readonly bars: readonly Bar[];
  /** Rows show how much of the time each kind of work takes, as there are too many slices. */
  readonly hasShares: boolean;
  readonly startSeconds: number;
  readonly endSeconds: number;
}

/** O(slices + rows x width), and no more bars than fit into `width` pixels. Transfers are shown where slices are. */
export function busyBars(record: RunRecord, columns: TimelineColumns, window: Window, width: number): BusyBars {
  const startSeconds = Math.min(window.fromSeconds, record.endSeconds);
  const endSeconds = Math.min(window.untilSeconds, record.endSeconds);
  const slices = new Int32Array(columns.tracks.length);
  for (let slice = 0; slice < columns.slices; slice++) slices[columns.track[slice]]++;
  const hasShares = slices.some((count) => count > width / SLICE_PIXELS);
  const within = (seconds: number) => Math.min(endSeconds, Math.max(startSeconds, seconds));
  const bars: Bar[] = [];
  const shares = new Shares(startSeconds, endSeconds, width);
  const add = (row: number, kind: Bar["kind"], start: number, end: number) =>
    bars.push({ row, kind, startSeconds: within(start), endSeconds: within(end), low: 0, high: 1 });
  for (let slice = 0; slice < columns.slices; slice++) {
    const activity = columns.activity[slice];
    const [start, end] = [columns.startSeconds[slice], columns.endSeconds[slice]];
    if (hasShares) shares.add(columns.track[slice], activity, within(start), within(end));
    else add(columns.track[slice], ACTIVITIES[activity], start, end);
  }
  if (hasShares) for (const bar of shares.bars()) bars.push(bar);
  else {
    const firstTrack = new Map(columns.tracks.map(({ instance }, track) => [instance, track] as const).reverse());
    for (const { request, startSeconds: start, endSeconds: end } of transfersOf(record, window).rows) {
      add(firstTrack.get(record.outcomes.prefillInstance[request]) ?? 0, "transfer", start, end);
    }
  }
  const rows = columns.tracks.map(({ name, tag }) => (tag === null ? name : `${name} (${tag})`));
  return { rows, bars, hasShares, startSeconds, endSeconds };
}

class Shares {
  readonly #startSeconds: number;
  readonly #columnSeconds: number;
  readonly #columns: number;
  /** By row: busy seconds of every column, by activity. */
  readonly #busy = new Map<number, Float64Array[]>();

  constructor(startSeconds: number, endSeconds: number, width: number) {
    this.#startSeconds = startSeconds;
    this.#columns = Math.max(1, Math.floor(width / COLUMN_PIXELS));
    this.#columnSeconds = (endSeconds - startSeconds) / this.#columns;
  }

  add(row: number, activity: number, start: number, end: number): void {
    let busy = this.#busy.get(row);
    if (busy === undefined) {
      busy = ACTIVITIES.map(() => new Float64Array(this.#columns));
      this.#busy.set(row, busy);
    }
    for (let column = this.#columnOf(start); column <= this.#columnOf(end); column++) {
      const left = this.#leftOf(column);
      busy[activity][column] += Math.max(0, Math.min(end, left + this.#columnSeconds) - Math.max(start, left));
    }
  }

  #columnOf(seconds: number): number {
    return Math.min(this.#columns - 1, Math.floor((seconds - this.#startSeconds) / this.#columnSeconds));
  }

  #leftOf(column: number): number {
    return this.#startSeconds + column * this.#columnSeconds;
  }

  *bars(): Generator<Bar> {
    for (const [row, busy] of this.#busy) {
      for (let column = 0; column < this.#columns; column++) {
        const startSeconds = this.#leftOf(column);
        let low = 0;
        for (const [activity, kind] of ACTIVITIES.entries()) {
          const high = Math.min(1, low + busy[activity][column] / this.#columnSeconds);
          if (high > low) yield { row, kind, startSeconds, endSeconds: this.#leftOf(column + 1), low, high };
          low = high;
        }
      }
    }
  }
}
