/** Event queue that serves equal times in the order in which they were pushed. */
import type { EventQueue } from "./event-queue.ts";
import { OrderedHeap } from "./ordered-heap.ts";

/** Added to the sequence numbers of events that are last at their time; with them below it, sums stay exact. */
const LAST = 2 ** 52;

/** Ordered by (time, sequence number). Push and pop cost O(log n). */
export class SequenceQueue extends OrderedHeap implements EventQueue {
  /** Exact up to 2^52 events. */
  #sequence = 0;

  push(timeSeconds: number, code: number, argument: number): void {
    this.insert(timeSeconds, this.#sequence++, code, argument);
  }

  pushLast(timeSeconds: number, code: number, argument: number): void {
    this.insert(timeSeconds, LAST + this.#sequence++, code, argument);
  }
}
