/** Arrivals whose number is not known before they are drawn. */
export class SecondsColumn {
  count = 0;
  #seconds: Float64Array<ArrayBuffer>;

  constructor(expected: number) {
    this.#seconds = new Float64Array(Math.ceil(expected) + 64);
  }

  push(seconds: number): void {
    if (this.count === this.#seconds.length) {
      const larger = new Float64Array(2 * this.count);
      larger.set(this.#seconds);
      this.#seconds = larger;
    }
    this.#seconds[this.count++] = seconds;
  }

  /** Sorts the arrivals from this one on. */
  sortFrom(start: number): void {
    if (this.count - start > 1) this.#seconds.subarray(start, this.count).sort();
  }

  column(): Float64Array {
    return this.#seconds.slice(0, this.count);
  }
}
