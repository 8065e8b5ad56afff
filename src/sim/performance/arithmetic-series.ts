/** Sums of times that grow by the same amount from one iteration to the next, and the inverse. */

/** Seconds of `count` iterations, the first of which takes `firstSeconds` and each further one `growthSeconds` longer. */
export function seriesSeconds(firstSeconds: number, growthSeconds: number, count: number): number {
  return count * firstSeconds + growthSeconds * ((count * (count - 1)) / 2);
}

/** The most iterations whose `seriesSeconds` are at most `elapsedSeconds`; `firstSeconds` is above 0. O(1). */
export function iterationsWithinSeries(firstSeconds: number, growthSeconds: number, elapsedSeconds: number): number {
  if (elapsedSeconds < firstSeconds) return 0;
  // Positive root of growth/2 k^2 + (first - growth/2) k = elapsed, in the form that does not cancel.
  const linear = firstSeconds - growthSeconds / 2;
  const square = Math.sqrt(linear * linear + 2 * growthSeconds * elapsedSeconds);
  const root = linear > 0 ? (2 * elapsedSeconds) / (linear + square) : (square - linear) / growthSeconds;
  let count = Math.max(0, Math.floor(root));
  while (count > 0 && seriesSeconds(firstSeconds, growthSeconds, count) > elapsedSeconds) count--;
  while (seriesSeconds(firstSeconds, growthSeconds, count + 1) <= elapsedSeconds) count++;
  return count;
}
