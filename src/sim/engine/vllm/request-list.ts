/** A growing list of requests in a typed array, cleared and refilled without allocation. */
export class RequestList {
  count = 0;
  items = new Int32Array(64);

  push(request: number): void {
    if (this.count === this.items.length) {
      const larger = new Int32Array(2 * this.count);
      larger.set(this.items);
      this.items = larger;
    }
    this.items[this.count++] = request;
  }

  /** Keeps the order of the others. */
  removeAt(index: number): void {
    this.items.copyWithin(index, index + 1, this.count);
    this.count--;
  }

  clear(): void {
    this.count = 0;
  }

  toArray(): number[] {
    return Array.from(this.items.subarray(0, this.count));
  }
}
