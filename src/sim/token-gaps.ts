/** Gaps between consecutive output tokens of a request, of all requests together: a histogram with logarithmic bins. */

/** Bins differ by a factor of 2^(1/256), so that a quantile is off by 0.14 % at most. */
const BINS_PER_OCTAVE = 256;
/** Shorter gaps count as 2^-20 s (a microsecond), longer ones as 2^20 s (12 days). */
const LARGEST_EXPONENT = 20;
const BINS = 2 * LARGEST_EXPONENT * BINS_PER_OCTAVE;

export class TokenGaps {
  /** Gaps counted so far. */
  count = 0;
  /** Their sum. */
  seconds = 0;
  readonly #bins = new Float64Array(BINS);

  /** Counts `count` gaps of equal length. O(1). */
  add(gapSeconds: number, count: number): void {
    const bin = Math.floor((Math.log2(gapSeconds) + LARGEST_EXPONENT) * BINS_PER_OCTAVE);
    this.#bins[Math.min(Math.max(bin, 0), BINS - 1)] += count;
    this.count += count;
    this.seconds += gapSeconds * count;
  }

  /** The smallest length that a share of `share` of the gaps does not exceed; undefined without gaps. O(bins). */
  quantileSeconds(share: number): number | undefined {
    if (this.count === 0) return undefined;
    const rank = share * this.count;
    let counted = 0;
    let last = 0;
    for (let bin = 0; bin < BINS && counted < rank; bin++) {
      counted += this.#bins[bin];
      last = bin;
    }
    return 2 ** ((last + 0.5) / BINS_PER_OCTAVE - LARGEST_EXPONENT);
  }
}
