/** Gaps between consecutive output tokens of a request, of all requests together: a histogram of doubles by their first bits. */

/**
 * A bin holds the doubles with the same exponent and the same first bits of the mantissa, so that its middle is at most 0.1 %
 * from all of them.
 */
const MANTISSA_BITS = 9;
const SHIFT = 20 - MANTISSA_BITS;
/** Shorter gaps count as 2^-20 s (a microsecond), longer ones as 2^20 s (12 days). */
const LARGEST_EXPONENT = 20;
/** Bins of one exponent: a table of its own, as most runs need few of them. */
const BINS = 1 << MANTISSA_BITS;
const DOUBLE_BIAS = 1023;
const FIRST_BITS = (DOUBLE_BIAS - LARGEST_EXPONENT) << MANTISSA_BITS;
const LAST_BITS = FIRST_BITS + 2 * LARGEST_EXPONENT * BINS - 1;

const double = new Float64Array(1);
const words = new Uint32Array(double.buffer);
double[0] = 1;
/** Which of the words has sign, exponent and the first bits of the mantissa: a matter of the machine. */
const HIGH_WORD = words[0] === 0 ? 1 : 0;

export class TokenGaps {
  /** Gaps counted so far. */
  count = 0;
  /** Their sum. */
  seconds = 0;
  /** By exponent, from the smallest; undefined without a gap of that size. */
  readonly #tables = new Array<Float64Array | undefined>(2 * LARGEST_EXPONENT).fill(undefined);

  /** Counts `count` gaps of equal length. O(1). */
  add(gapSeconds: number, count: number): void {
    double[0] = gapSeconds;
    const bits = words[HIGH_WORD] >>> SHIFT;
    const place = Math.min(Math.max(bits, FIRST_BITS), LAST_BITS) - FIRST_BITS;
    const table = this.#tables[place >>> MANTISSA_BITS] ?? this.#addTable(place >>> MANTISSA_BITS);
    table[place & (BINS - 1)] += count;
    this.count += count;
    this.seconds += gapSeconds * count;
  }

  /** The smallest length that a share of `share` of the gaps does not exceed; undefined without gaps. O(bins). */
  quantileSeconds(share: number): number | undefined {
    if (this.count === 0) return undefined;
    const rank = share * this.count;
    let counted = 0;
    let last = 0;
    for (let index = 0; index < this.#tables.length && counted < rank; index++) {
      const table = this.#tables[index];
      if (table === undefined) continue;
      for (let bin = 0; bin < BINS && counted < rank; bin++) {
        counted += table[bin];
        last = index * BINS + bin;
      }
    }
    const bits = FIRST_BITS + last;
    const exponent = (bits >>> MANTISSA_BITS) - DOUBLE_BIAS;
    const mantissa = (bits & (BINS - 1)) + 0.5;
    return 2 ** exponent * (1 + mantissa / BINS);
  }

  #addTable(index: number): Float64Array {
    const table = new Float64Array(BINS);
    this.#tables[index] = table;
    return table;
  }
}
