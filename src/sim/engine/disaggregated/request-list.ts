/** Waiting requests in the order in which they joined; any of them may leave. */
import type { WaitingRequests } from "../../policy/local/local-order.ts";

export class RequestList implements WaitingRequests {
  #requests: number[] = [];
  #head = 0;

  get length(): number {
    return this.#requests.length - this.#head;
  }

  at(index: number): number {
    return this.#requests[this.#head + index];
  }

  push(request: number): void {
    this.#requests.push(request);
  }

  /** Removes and returns the request at `index`: O(1) at the front, else O(length). */
  take(index: number): number {
    const request = this.at(index);
    if (index > 0) this.#requests.splice(this.#head + index, 1);
    else if (++this.#head >= 1024 && 2 * this.#head >= this.#requests.length) {
      this.#requests = this.#requests.slice(this.#head);
      this.#head = 0;
    }
    return request;
  }
}
