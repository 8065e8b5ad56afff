/** Event queue whose ties come out as in CPython's `heapq` (Lib/heapq.py): the layout of the heap decides. */
import type { EventQueue } from "./event-queue.ts";

/** An event in one number: its code times this, plus its argument. Exact up to CODE_LIMIT. */
const CODE_UNIT = 2 ** 32;

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
  /** (time, event) pairs side by side: with ten thousands pending, a pop is bound by the cache lines that it touches. */
  #heap: Float64Array;

  constructor(capacity = 1024) {
    this.#heap = new Float64Array(2 * capacity);
  }

  push(timeSeconds: number, code: number, argument: number): void {
    if (2 * this.size === this.#heap.length) this.#grow();
    siftUp(this.#heap, 2 * this.size++, timeSeconds, code * CODE_UNIT + argument);
  }

  pop(): boolean {
    if (this.size === 0) return false;
    const heap = this.#heap;
    const event = heap[1];
    this.timeSeconds = heap[0];
    this.code = Math.floor(event / CODE_UNIT);
    this.argument = event - this.code * CODE_UNIT;
    const last = 2 * --this.size;
    if (last === 0) return true;
    let hole = 0;
    let child = 2;
    while (child < last) {
      const right = child + 2;
      if (right < last && !(heap[child] < heap[right])) child = right;
      heap[hole] = heap[child];
      heap[hole + 1] = heap[child + 1];
      hole = child;
      child = 2 * hole + 2;
    }
    siftUp(heap, hole, heap[last], heap[last + 1]);
    return true;
  }

  #grow(): void {
    const heap = new Float64Array(2 * this.#heap.length);
    heap.set(this.#heap);
    this.#heap = heap;
  }
}

function siftUp(heap: Float64Array, start: number, timeSeconds: number, event: number): void {
  let hole = start;
  while (hole > 0) {
    const parent = ((hole - 2) >> 2) << 1;
    if (!(timeSeconds < heap[parent])) break;
    heap[hole] = heap[parent];
    heap[hole + 1] = heap[parent + 1];
    hole = parent;
  }
  heap[hole] = timeSeconds;
  heap[hole + 1] = event;
}
