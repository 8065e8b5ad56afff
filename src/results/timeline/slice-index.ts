/** Finds slices of a timeline by instance and time. */
import type { TimelineColumns } from "../../sim/recorder.ts";

export class SliceIndex {
  readonly #columns: TimelineColumns;
  /** By track: its slices, in order. */
  readonly #rows: readonly Int32Array[];
  /** By instance: its tracks, in order. */
  readonly #tracks = new Map<number, number[]>();

  /** O(slices). */
  constructor(columns: TimelineColumns) {
    this.#columns = columns;
    const counts = new Int32Array(columns.tracks.length);
    for (let row = 0; row < columns.slices; row++) counts[columns.track[row]]++;
    this.#rows = Array.from(counts, (count) => new Int32Array(count));
    counts.fill(0);
    for (let row = 0; row < columns.slices; row++) {
      const track = columns.track[row];
      this.#rows[track][counts[track]++] = row;
    }
    columns.tracks.forEach(({ instance }, track) => {
      const tracks = this.#tracks.get(instance);
      if (tracks === undefined) this.#tracks.set(instance, [track]);
      else tracks.push(track);
    });
  }

  /** Of an instance's first part: the slice that runs after `seconds`, and had begun by then; undefined if none is kept. */
  runningFrom(instance: number, seconds: number): number | undefined {
    const row = this.nextFrom(instance, seconds);
    return row !== undefined && this.#columns.startSeconds[row] <= seconds ? row : undefined;
  }

  /** Of an instance's first part: the first slice that ends after `seconds`. */
  nextFrom(instance: number, seconds: number): number | undefined {
    const rows = this.#rows[this.#tracks.get(instance)?.at(0) ?? -1] ?? new Int32Array();
    const { endSeconds } = this.#columns;
    return rows[partition(rows, (row) => endSeconds[row] <= seconds)];
  }

  /** Of an instance's last part: the slice that runs until `seconds`, or beyond. */
  runningUntil(instance: number, seconds: number): number | undefined {
    const rows = this.#rows[this.#tracks.get(instance)?.at(-1) ?? -1] ?? new Int32Array();
    const { startSeconds, endSeconds } = this.#columns;
    const row = rows[partition(rows, (candidate) => startSeconds[candidate] < seconds) - 1];
    return row !== undefined && endSeconds[row] >= seconds ? row : undefined;
  }
}

/** How many of `rows` come before the first for which `isBefore` does not hold. O(log rows). */
function partition(rows: Int32Array, isBefore: (row: number) => boolean): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBefore(rows[middle])) low = middle + 1;
    else high = middle;
  }
  return low;
}
