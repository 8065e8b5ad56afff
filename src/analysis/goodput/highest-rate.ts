/** The highest rate at which a service keeps its objectives. */

export interface RateSearch {
  /** The highest rate that is thought of. */
  readonly maximum: number;
  /** The search ends when the rate is known to this. */
  readonly epsilon: number;
}

/**
 * Bisection between 0 and the maximum, as simdistserve does it: the last rate tried that kept the objectives, 0 if none did.
 * `keeps` is asked log2(maximum / epsilon) times; it is taken to fail above any rate at which it fails.
 */
export function highestRate({ maximum, epsilon }: RateSearch, keeps: (rate: number) => boolean): number {
  let low = 0;
  let high = maximum;
  let best = 0;
  while (high - low > epsilon) {
    const middle = (low + high) / 2;
    if (keeps(middle)) {
      low = middle;
      best = middle;
    } else high = middle;
  }
  return best;
}
