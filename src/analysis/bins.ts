/** Values over an index of unknown length in at most so many bins: when those are full, neighbours are merged. */
export class Bins {
  /** Indices per bin; a power of two. */
  width = 1;
  length = 0;
  readonly #most: number;
  readonly #sums: Float64Array;
  readonly #counts: Float64Array;
  readonly #lows: Float64Array;
  readonly #highs: Float64Array;

  constructor(most: number) {
    this.#most = most;
    this.#sums = new Float64Array(most);
    this.#counts = new Float64Array(most);
    this.#lows = new Float64Array(most).fill(Number.POSITIVE_INFINITY);
    this.#highs = new Float64Array(most).fill(Number.NEGATIVE_INFINITY);
  }

  /** Amortised O(1). */
  add(index: number, value: number): void {
    while (index >= this.#most * this.width) this.#merge();
    const bin = Math.floor(index / this.width);
    this.#sums[bin] += value;
    this.#counts[bin]++;
    if (value < this.#lows[bin]) this.#lows[bin] = value;
    if (value > this.#highs[bin]) this.#highs[bin] = value;
    if (bin >= this.length) this.length = bin + 1;
  }

  /** Empty if some bin has no value. */
  columns(): { readonly mean: number[]; readonly low: number[]; readonly high: number[] } {
    const counts = this.#counts.subarray(0, this.length);
    if (counts.includes(0)) return { mean: [], low: [], high: [] };
    return {
      mean: Array.from(counts, (count, bin) => this.#sums[bin] / count),
      low: Array.from(this.#lows.subarray(0, this.length)),
      high: Array.from(this.#highs.subarray(0, this.length)),
    };
  }

  #merge(): void {
    const half = Math.ceil(this.#most / 2);
    for (let bin = 0; bin < this.#most; bin++) {
      const [left, right] = [2 * bin, 2 * bin + 1];
      const inside = bin < half;
      this.#sums[bin] = inside ? this.#sums[left] + (this.#sums[right] ?? 0) : 0;
      this.#counts[bin] = inside ? this.#counts[left] + (this.#counts[right] ?? 0) : 0;
      this.#lows[bin] = inside ? Math.min(this.#lows[left], this.#lows[right] ?? Infinity) : Number.POSITIVE_INFINITY;
      this.#highs[bin] = inside
        ? Math.max(this.#highs[left], this.#highs[right] ?? -Infinity)
        : Number.NEGATIVE_INFINITY;
    }
    this.length = Math.ceil(this.length / 2);
    this.width *= 2;
  }
}
