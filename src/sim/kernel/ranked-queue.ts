/** Event queue that serves equal times by what the events are, then by whom they are for. */
import type { EventFact, EventQueue } from "./event-queue.ts";
import { OrderedHeap } from "./ordered-heap.ts";

/** More than any subject of an event: a request's row or an instance's index. */
const SUBJECTS = 2 ** 32;

/**
 * Ordered by (time, rank of the event, its subject), as a heap of such triples is (LLM-Serving-Simulator).
 * Events equal in all three are interchangeable. Push and pop cost O(log n).
 */
export class RankedQueue extends OrderedHeap implements EventQueue {
  #rankOf: EventFact = () => 0;
  #subjectOf: EventFact = (_code, argument) => argument;

  rankBy(rankOf: EventFact, subjectOf: EventFact): void {
    this.#rankOf = rankOf;
    this.#subjectOf = subjectOf;
  }

  push(timeSeconds: number, code: number, argument: number): void {
    this.insert(timeSeconds, this.#rankOf(code, argument) * SUBJECTS + this.#subjectOf(code, argument), code, argument);
  }
}
