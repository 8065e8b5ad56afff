/** A fixed pseudo-random order for shuffled sweeps: the same sweep always has the same jobs. */
export function permutation(length: number): number[] {
  const order = Array.from({ length }, (_, index) => index);
  // xorshift32 and Fisher-Yates; the seed is any nonzero constant.
  let state = 0x9e3779b9;
  for (let i = length - 1; i > 0; i--) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    const j = (state >>> 0) % (i + 1);
    const held = order[i]!;
    order[i] = order[j]!;
    order[j] = held;
  }
  return order;
}
