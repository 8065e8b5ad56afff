/** First in, first out; amortised O(1). */
export class RequestQueue {
  #requests: number[] = [];
  #head = 0;

  get length(): number {
    return this.#requests.length - this.#head;
  }

  /** The next request; the queue is not empty. */
  get first(): number {
    return this.#requests[this.#head];
  }

  push(request: number): void {
    this.#requests.push(request);
  }

  shift(): number {
    const request = this.#requests[this.#head++];
    if (this.#head >= 1024 && 2 * this.#head >= this.#requests.length) {
      this.#requests = this.#requests.slice(this.#head);
      this.#head = 0;
    }
    return request;
  }
}
