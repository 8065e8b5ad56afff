/** Event queue whose ties come out as in CPython's `heapq` (Lib/heapq.py): the layout of the heap decides. */
import type { EventQueue } from "./event-queue.ts";

/**
 * A binary heap compared by time alone, strictly, with `heapq`'s two sifts: a pop moves the hole down to a leaf along
 * the earlier child (the right one among equals) and then sifts the displaced last element up. SplitwiseSim's results
 * depend on this order where times coincide. Push costs O(log n), O(1) for times in ascending order; pop O(log n).
 */
export class HeapqQueue implements EventQueue {
  size = 0;
  timeSeconds = Number.NaN;
  code = 0;
  argument = 0;
  #times: Float64Array;
  /** (code, argument) pairs. */
  #payloads: Int32Array;

  constructor(capacity = 1024) {
    this.#times = new Float64Array(capacity);
    this.#payloads = new Int32Array(2 * capacity);
  }

  push(timeSeconds: number, code: number, argument: number): void {
    if (this.size === this.#times.length) this.#grow();
    this.#siftUp(this.size++, timeSeconds, code, argument);
  }

  pop(): boolean {
    if (this.size === 0) return false;
    const times = this.#times;
    const payloads = this.#payloads;
    this.timeSeconds = times[0];
    this.code = payloads[0];
    this.argument = payloads[1];
    const last = --this.size;
    if (last === 0) return true;
    let hole = 0;
    let child = 1;
    while (child < last) {
      const right = child + 1;
      if (right < last && !(times[child] < times[right])) child = right;
      times[hole] = times[child];
      payloads[2 * hole] = payloads[2 * child];
      payloads[2 * hole + 1] = payloads[2 * child + 1];
      hole = child;
      child = 2 * hole + 1;
    }
    this.#siftUp(hole, times[last], payloads[2 * last], payloads[2 * last + 1]);
    return true;
  }

  #siftUp(start: number, timeSeconds: number, code: number, argument: number): void {
    const times = this.#times;
    const payloads = this.#payloads;
    let hole = start;
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      if (!(timeSeconds < times[parent])) break;
      times[hole] = times[parent];
      payloads[2 * hole] = payloads[2 * parent];
      payloads[2 * hole + 1] = payloads[2 * parent + 1];
      hole = parent;
    }
    times[hole] = timeSeconds;
    payloads[2 * hole] = code;
    payloads[2 * hole + 1] = argument;
  }

  #grow(): void {
    const capacity = 2 * this.#times.length;
    const times = new Float64Array(capacity);
    times.set(this.#times);
    this.#times = times;
    const payloads = new Int32Array(2 * capacity);
    payloads.set(this.#payloads);
    this.#payloads = payloads;
  }
}
