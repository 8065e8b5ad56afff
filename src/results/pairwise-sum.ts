/**
 * Sum of `values[start, start + count)` by numpy's pairwise rule (numpy/core/src/umath/loops_utils.h.src), so that
 * means and deviations equal numpy's to the last bit. The error grows with log n, and there is no allocation.
 */
export function pairwiseSum(values: Float64Array, start = 0, count = values.length - start): number {
  if (count < 8) {
    let sum = 0;
    for (let i = start; i < start + count; i++) sum += values[i];
    return sum;
  }
  if (count <= 128) return unrolledSum(values, start, count);
  let half = Math.floor(count / 2);
  half -= half % 8;
  return pairwiseSum(values, start, half) + pairwiseSum(values, start + half, count - half);
}

/** Eight running sums, added as a tree; what is left over is added one by one. */
function unrolledSum(values: Float64Array, start: number, count: number): number {
  let r0 = values[start];
  let r1 = values[start + 1];
  let r2 = values[start + 2];
  let r3 = values[start + 3];
  let r4 = values[start + 4];
  let r5 = values[start + 5];
  let r6 = values[start + 6];
  let r7 = values[start + 7];
  const end = start + count;
  let i = start + 8;
  for (; i + 8 <= end; i += 8) {
    r0 += values[i];
    r1 += values[i + 1];
    r2 += values[i + 2];
    r3 += values[i + 3];
    r4 += values[i + 4];
    r5 += values[i + 5];
    r6 += values[i + 6];
    r7 += values[i + 7];
  }
  let sum = r0 + r1 + (r2 + r3) + (r4 + r5 + (r6 + r7));
  for (; i < end; i++) sum += values[i];
  return sum;
}
