/** Values at given ranks without sorting the whole column. */

/**
 * Rearranges `column[first..last]` so that the value of this rank stands at its place, smaller ones before it and larger ones
 * behind it. Hoare's selection with the median of three as pivot: O(n) on average. No NaN.
 */
export function selectRank(column: Float64Array, rank: number, first = 0, last = column.length - 1): void {
  let low = first;
  let high = last;
  while (low < high) {
    const pivot = medianOfThree(column[low], column[(low + high) >> 1], column[high]);
    let left = low;
    let right = high;
    while (left <= right) {
      while (column[left] < pivot) left++;
      while (column[right] > pivot) right--;
      if (left <= right) {
        const value = column[left];
        column[left++] = column[right];
        column[right--] = value;
      }
    }
    if (rank <= right) high = right;
    else if (rank >= left) low = left;
    else return;
  }
}

function medianOfThree(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}
