/** Requests that wait for admission: the head is admitted or blocks all others. */

export interface WaitingQueue {
  readonly length: number;
  /** The next request; only if there is one. */
  readonly head: number;
  /** A request arrives. */
  enqueue(request: number): void;
  /** A preempted request returns. */
  requeue(request: number): void;
  /** Removes the head. */
  shift(): void;
  /** In the order of admission. */
  toArray(): number[];
}

/** In the order of arrival; preempted requests return to the front. A ring. */
export class FcfsQueue implements WaitingQueue {
  length = 0;
  #ring = new Int32Array(64);
  #first = 0;

  get head(): number {
    return this.#ring[this.#first];
  }

  enqueue(request: number): void {
    if (this.length === this.#ring.length) this.#grow();
    this.#ring[(this.#first + this.length++) & (this.#ring.length - 1)] = request;
  }

  requeue(request: number): void {
    if (this.length === this.#ring.length) this.#grow();
    this.#first = (this.#first - 1) & (this.#ring.length - 1);
    this.#ring[this.#first] = request;
    this.length++;
  }

  shift(): void {
    this.#first = (this.#first + 1) & (this.#ring.length - 1);
    this.length--;
  }

  toArray(): number[] {
    return Array.from(
      { length: this.length },
      (_, index) => this.#ring[(this.#first + index) & (this.#ring.length - 1)],
    );
  }

  #grow(): void {
    const ring = new Int32Array(2 * this.#ring.length);
    ring.set(this.toArray());
    this.#ring = ring;
    this.#first = 0;
  }
}

/** Whether a request goes before another. */
export type RequestOrder = (a: number, b: number) => boolean;

/** In a given total order, whenever a request came or returned. A binary heap. */
export class OrderedQueue implements WaitingQueue {
  readonly #heap: number[] = [];
  readonly #precedes: RequestOrder;

  constructor(precedes: RequestOrder) {
    this.#precedes = precedes;
  }

  get length(): number {
    return this.#heap.length;
  }

  get head(): number {
    return this.#heap[0];
  }

  enqueue(request: number): void {
    const heap = this.#heap;
    let hole = heap.push(request) - 1;
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      if (!this.#precedes(request, heap[parent])) break;
      heap[hole] = heap[parent];
      hole = parent;
    }
    heap[hole] = request;
  }

  requeue(request: number): void {
    this.enqueue(request);
  }

  shift(): void {
    const heap = this.#heap;
    const request = heap.pop() as number;
    if (heap.length === 0) return;
    let hole = 0;
    for (;;) {
      let child = 2 * hole + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && this.#precedes(heap[child + 1], heap[child])) child++;
      if (!this.#precedes(heap[child], request)) break;
      heap[hole] = heap[child];
      hole = child;
    }
    heap[hole] = request;
  }

  toArray(): number[] {
    return [...this.#heap].sort((a, b) => (this.#precedes(a, b) ? -1 : 1));
  }
}
