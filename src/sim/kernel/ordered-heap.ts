/** A heap of events ordered by time, and at equal times by a number that comes with each. */

/**
 * A 4-ary heap over typed arrays; insert and pop cost O(log n).
 * Four children per node instead of two make the heap shallower, which pays from about 10,000 pending events on.
 * Events equal in time and order come out in any order.
 */
export class OrderedHeap {
  size = 0;
  timeSeconds = Number.NaN;
  code = 0;
  argument = 0;
  #times: Float64Array;
  #orders: Float64Array;
  /** (code, argument) pairs. */
  #payloads: Int32Array;

  constructor(capacity = 1024) {
    this.#times = new Float64Array(capacity);
    this.#orders = new Float64Array(capacity);
    this.#payloads = new Int32Array(2 * capacity);
  }

  protected insert(timeSeconds: number, order: number, code: number, argument: number): void {
    if (this.size === this.#times.length) this.#grow();
    const times = this.#times;
    const orders = this.#orders;
    const payloads = this.#payloads;
    let hole = this.size++;
    while (hole > 0) {
      const parent = (hole - 1) >> 2;
      if (times[parent] < timeSeconds || (times[parent] === timeSeconds && orders[parent] < order)) break;
      times[hole] = times[parent];
      orders[hole] = orders[parent];
      payloads[2 * hole] = payloads[2 * parent];
      payloads[2 * hole + 1] = payloads[2 * parent + 1];
      hole = parent;
    }
    times[hole] = timeSeconds;
    orders[hole] = order;
    payloads[2 * hole] = code;
    payloads[2 * hole + 1] = argument;
  }

  pop(): boolean {
    if (this.size === 0) return false;
    const times = this.#times;
    const orders = this.#orders;
    const payloads = this.#payloads;
    this.timeSeconds = times[0];
    this.code = payloads[0];
    this.argument = payloads[1];
    const last = --this.size;
    const time = times[last];
    const order = orders[last];
    let hole = 0;
    for (;;) {
      const first = 4 * hole + 1;
      if (first >= last) break;
      let best = first;
      const end = Math.min(first + 4, last);
      for (let child = first + 1; child < end; child++) {
        if (times[child] < times[best] || (times[child] === times[best] && orders[child] < orders[best])) best = child;
      }
      if (time < times[best] || (time === times[best] && order < orders[best])) break;
      times[hole] = times[best];
      orders[hole] = orders[best];
      payloads[2 * hole] = payloads[2 * best];
      payloads[2 * hole + 1] = payloads[2 * best + 1];
      hole = best;
    }
    times[hole] = time;
    orders[hole] = order;
    payloads[2 * hole] = payloads[2 * last];
    payloads[2 * hole + 1] = payloads[2 * last + 1];
    return true;
  }

  #grow(): void {
    const capacity = 2 * this.#times.length;
    const times = new Float64Array(capacity);
    times.set(this.#times);
    this.#times = times;
    const orders = new Float64Array(capacity);
    orders.set(this.#orders);
    this.#orders = orders;
    const payloads = new Int32Array(2 * capacity);
    payloads.set(this.#payloads);
    this.#payloads = payloads;
  }
}
