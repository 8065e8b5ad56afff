/**
 * The quantile function through known points: `knots[i]` at probability `levels[i]`. Levels ascend from 0 to 1, knots
 * are positive and never fall. Between two levels the logarithm is interpolated, which keeps the mean of long tails
 * where a straight line would raise it.
 */
export function quantileFunction(levels: readonly number[], knots: readonly number[]): (probability: number) => number {
  return (probability) => {
    const i = intervalOf(levels, probability);
    const fraction = (probability - levels[i]) / (levels[i + 1] - levels[i]);
    return knots[i] * (knots[i + 1] / knots[i]) ** fraction;
  };
}

/** The last interval [levels[i], levels[i + 1]) that holds `value`, by bisection. `levels` ascend. */
export function intervalOf(levels: readonly number[], value: number): number {
  let low = 0;
  let high = levels.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (levels[middle] <= value) low = middle;
    else high = middle;
  }
  return low;
}
