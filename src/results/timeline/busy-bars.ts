/** What a figure of a timeline draws: a row per track, in which every slice is a bar, as far as the width allows. */
import { ACTIVITIES, type Activity, type RunRecord, type TimelineColumns } from "../../sim/recorder.ts";
import { transfersOf, type Window } from "./transfers.ts";

/** Slices narrower than so many pixels are summed up in columns of that width. */
const NARROW_PIXELS = 2;

export interface Bar {
  /** Index of its row. */
  readonly row: number;
  readonly kind: Activity | "transfer";
  readonly startSeconds: number;
  readonly endSeconds: number;
  /** Part of the row's height, from below: what else happens in the same column is below and above. */
  readonly low: number;
  readonly high: number;
}

export interface BusyBars {
  readonly rows: readonly string[];
  readonly bars: readonly Bar[];
  readonly startSeconds: number;
  readonly endSeconds: number;
}

/** O(slices + rows x width); no more bars than fit into `width` pixels. */
export function busyBars(record: RunRecord, columns: TimelineColumns, window: Window, width: number): BusyBars {
  const startSeconds = Math.min(window.fromSeconds, record.endSeconds);
  const endSeconds = Math.min(window.untilSeconds, record.endSeconds);
  const canvas = new Canvas(startSeconds, endSeconds, width);
  for (let slice = 0; slice < columns.slices; slice++) {
    const kind = ACTIVITIES[columns.activity[slice]];
    canvas.add(columns.track[slice], kind, columns.startSeconds[slice], columns.endSeconds[slice]);
  }
  const firstTrack = new Map<number, number>();
  columns.tracks.forEach(({ instance }, track) => {
    if (!firstTrack.has(instance)) firstTrack.set(instance, track);
  });
  for (const { request, startSeconds: start, endSeconds: end } of transfersOf(record, window).rows) {
    canvas.add(firstTrack.get(record.outcomes.prefillInstance[request]) ?? 0, "transfer", start, end);
  }
  const rows = columns.tracks.map(({ name, tag }) => (tag === null ? name : `${name} (${tag})`));
  return { rows, bars: canvas.bars(), startSeconds, endSeconds };
}

const KINDS = [...ACTIVITIES, "transfer"] as const;

class Canvas {
  readonly #startSeconds: number;
  readonly #endSeconds: number;
  readonly #columnSeconds: number;
  readonly #columns: number;
  readonly #wide: Bar[] = [];
  /** By row and kind: busy seconds of every column. */
  readonly #narrow = new Map<number, Map<Bar["kind"], Float64Array>>();

  constructor(startSeconds: number, endSeconds: number, width: number) {
    this.#startSeconds = startSeconds;
    this.#endSeconds = endSeconds;
    this.#columns = Math.max(1, Math.floor(width / NARROW_PIXELS));
    this.#columnSeconds = (endSeconds - startSeconds) / this.#columns;
  }

  add(row: number, kind: Bar["kind"], start: number, end: number): void {
    const from = Math.max(start, this.#startSeconds);
    const until = Math.min(end, this.#endSeconds);
    // Transfers of an instance may overlap, so that they are only shown as shares.
    if (until - from >= this.#columnSeconds && kind !== "transfer") {
      this.#wide.push({ row, kind, startSeconds: from, endSeconds: until, low: 0, high: 1 });
      return;
    }
    const kinds = this.#narrow.get(row) ?? new Map<Bar["kind"], Float64Array>();
    this.#narrow.set(row, kinds);
    const busy = kinds.get(kind) ?? new Float64Array(this.#columns);
    kinds.set(kind, busy);
    const columnOf = (seconds: number) =>
      Math.min(this.#columns - 1, Math.floor((seconds - this.#startSeconds) / this.#columnSeconds));
    for (let column = columnOf(from); column <= columnOf(until); column++) {
      const left = this.#startSeconds + column * this.#columnSeconds;
      busy[column] += Math.max(0, Math.min(until, left + this.#columnSeconds) - Math.max(from, left));
    }
  }

  bars(): Bar[] {
    const bars = [...this.#wide];
    for (const [row, kinds] of this.#narrow) {
      for (let column = 0; column < this.#columns; column++) {
        const startSeconds = this.#startSeconds + column * this.#columnSeconds;
        const endSeconds = startSeconds + this.#columnSeconds;
        let low = 0;
        for (const kind of KINDS) {
          const seconds = kinds.get(kind)?.[column] ?? 0;
          if (seconds === 0) continue;
          const share = Math.min(1, seconds / this.#columnSeconds);
          const base = kind === "transfer" ? 0 : low;
          bars.push({ row, kind, startSeconds, endSeconds, low: base, high: Math.min(1, base + share) });
          if (kind !== "transfer") low += share;
        }
      }
    }
    return bars;
  }
}
