/** What a figure of a timeline draws: a row per track or group of processors, with a bar per slice where there is room for that. */
import type { RunRecord, TimelineColumns } from "../../sim/recorder.ts";
import { barRows } from "./bar-rows.ts";
import type { Window } from "./transfers.ts";

/** If a row has more slices than one in so many pixels, all show shares of time, in columns of `COLUMN_PIXELS`. */
const SLICE_PIXELS = 4;
const COLUMN_PIXELS = 2;

export interface Bar {
  /** Index of its row. */
  readonly row: number;
  readonly kind: string;
  /** Below the others. */
  readonly isStrip: boolean;
  readonly startSeconds: number;
  readonly endSeconds: number;
  /** Parts of the row's height, from below; 0 and 1 for a slice. */
  readonly low: number;
  readonly high: number;
}

export interface BusyBars {
  readonly rows: readonly string[];
  /** Of work, then of what strips show, with what legends call them. */
  readonly kinds: ReadonlyMap<string, string>;
  readonly bars: readonly Bar[];
  /** Rows show how much of the time each kind of work takes, as there are too many slices. */
  readonly hasShares: boolean;
  /** Rows are groups of processors. */
  readonly isByGroup: boolean;
  readonly startSeconds: number;
  readonly endSeconds: number;
}

/** O(slices + rows x width), and no more bars than fit into `width` pixels. Transfers and loads are shown where slices are. */
export function busyBars(record: RunRecord, columns: TimelineColumns, window: Window, width: number): BusyBars {
  const startSeconds = Math.min(window.fromSeconds, record.endSeconds);
  const endSeconds = Math.min(window.untilSeconds, record.endSeconds);
  const { rows, kinds, work, rowOf, kindOf, strips } = barRows(record, columns);
  const slices = new Int32Array(rows.length);
  for (let slice = 0; slice < columns.slices; slice++) slices[rowOf(slice)]++;
  const hasShares = slices.some((count) => count > width / SLICE_PIXELS);
  const within = (seconds: number) => Math.min(endSeconds, Math.max(startSeconds, seconds));
  const bars: Bar[] = [];
  const shares = new Shares(startSeconds, endSeconds, width, work);
  const add = (row: number, kind: string, isStrip: boolean, start: number, end: number) =>
    bars.push({ row, kind, isStrip, startSeconds: within(start), endSeconds: within(end), low: 0, high: 1 });
  for (let slice = 0; slice < columns.slices; slice++) {
    const [start, end] = [columns.startSeconds[slice], columns.endSeconds[slice]];
    if (hasShares) shares.add(rowOf(slice), kindOf(slice), within(start), within(end));
    else add(rowOf(slice), work[kindOf(slice)], false, start, end);
  }
  if (hasShares) for (const bar of shares.bars()) bars.push(bar);
  else
    for (const { row, kind, startSeconds: start, endSeconds: end } of strips(window)) add(row, kind, true, start, end);
  const isByGroup = columns.swaps !== undefined;
  return { rows, kinds, bars, hasShares, isByGroup, startSeconds, endSeconds };
}

class Shares {
  readonly #startSeconds: number;
  readonly #columnSeconds: number;
  readonly #columns: number;
  readonly #kinds: readonly string[];
  /** By row: busy seconds of every column, by kind of work. */
  readonly #busy = new Map<number, Float64Array[]>();

  constructor(startSeconds: number, endSeconds: number, width: number, kinds: readonly string[]) {
    this.#kinds = kinds;
    this.#startSeconds = startSeconds;
    this.#columns = Math.max(1, Math.floor(width / COLUMN_PIXELS));
    this.#columnSeconds = (endSeconds - startSeconds) / this.#columns;
  }

  add(row: number, kind: number, start: number, end: number): void {
    let busy = this.#busy.get(row);
    if (busy === undefined) {
      busy = this.#kinds.map(() => new Float64Array(this.#columns));
      this.#busy.set(row, busy);
    }
    for (let column = this.#columnOf(start); column <= this.#columnOf(end); column++) {
      const left = this.#leftOf(column);
      busy[kind][column] += Math.max(0, Math.min(end, left + this.#columnSeconds) - Math.max(start, left));
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
        for (const [index, kind] of this.#kinds.entries()) {
          const high = Math.min(1, low + busy[index][column] / this.#columnSeconds);
          if (high > low)
            yield { row, kind, isStrip: false, startSeconds, endSeconds: this.#leftOf(column + 1), low, high };
          low = high;
        }
      }
    }
  }
}
