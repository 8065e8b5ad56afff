/** Which of several choices no other beats in both of two measures. */

export type Wish = "low" | "high";

/**
 * Indices of the Pareto front, by ascending x. A point is beaten by one that is at least as good in both measures and better
 * in one; of equal points all stay. O(n log n).
 */
export function paretoFront(
  xs: readonly number[],
  ys: readonly number[],
  { x, y }: { readonly x: Wish; readonly y: Wish },
): number[] {
  const worthX = (index: number) => (x === "high" ? -xs[index] : xs[index]);
  const worthY = (index: number) => (y === "high" ? -ys[index] : ys[index]);
  const order = xs
    .map((_, index) => index)
    .filter((index) => Number.isFinite(xs[index]) && Number.isFinite(ys[index]))
    .sort((a, b) => worthX(a) - worthX(b) || worthY(a) - worthY(b) || a - b);
  const front: number[] = [];
  let best = Number.POSITIVE_INFINITY;
  let last = -1;
  for (const index of order) {
    const isSame = last >= 0 && xs[index] === xs[last] && ys[index] === ys[last];
    if (!isSame && worthY(index) >= best) continue;
    front.push(index);
    best = worthY(index);
    last = index;
  }
  return x === "high" ? front.reverse() : front;
}
