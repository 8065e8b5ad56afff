/** Arrivals of several applications in one column. */

export interface Arrivals {
  /** Ascending. */
  readonly arrivalSeconds: Float64Array;
  readonly applicationId: Int32Array;
}

/** Of equal times, those of the part named first go first. O(rows log parts), by merging neighbours. */
export function mergeArrivals(parts: readonly Arrivals[]): Arrivals {
  if (parts.length === 0) return { arrivalSeconds: new Float64Array(0), applicationId: new Int32Array(0) };
  let level = parts;
  while (level.length > 1) {
    const next: Arrivals[] = [];
    for (let i = 0; i < level.length; i += 2) {
      next.push(i + 1 < level.length ? mergeTwo(level[i], level[i + 1]) : level[i]);
    }
    level = next;
  }
  return level[0];
}

function mergeTwo(a: Arrivals, b: Arrivals): Arrivals {
  const [left, right] = [a.arrivalSeconds, b.arrivalSeconds];
  const count = left.length + right.length;
  const arrivalSeconds = new Float64Array(count);
  const applicationId = new Int32Array(count);
  let i = 0;
  let j = 0;
  for (let row = 0; row < count; row++) {
    const fromLeft = j === right.length || (i < left.length && left[i] <= right[j]);
    arrivalSeconds[row] = fromLeft ? left[i] : right[j];
    applicationId[row] = fromLeft ? a.applicationId[i++] : b.applicationId[j++];
  }
  return { arrivalSeconds, applicationId };
}
