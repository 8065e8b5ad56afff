/** Linear fits that minimise the squares of relative errors, as DistServe's profiler fits iteration times. */
import { Matrix, SVD } from "ml-matrix";

export interface Feature<Point> {
  readonly name: string;
  readonly of: (point: Point) => number;
}

export interface LinearFit {
  /** By feature, in order; 0 for features that the points do not tell from those before. */
  readonly coefficients: readonly number[];
  /** What the user should know of the fit. */
  readonly warnings: readonly string[];
}

/** Below this share of the largest singular value a direction is not told by the points. */
const SINGULAR_SHARE = 1e-9;

/**
 * Coefficients c that minimise the sum of ((c . features(p) + known(p) - value(p)) / value(p))^2. Values are above 0.
 * O(n k^2) for n points and k features.
 */
export function relativeLeastSquares<Point>(
  points: readonly Point[],
  features: readonly Feature<Point>[],
  value: (point: Point) => number,
  known: (point: Point) => number = () => 0,
): LinearFit {
  const warnings: string[] = [];
  const kept: number[] = [];
  // Features of very different sizes: each is scaled to a largest entry of 1.
  const columns = features.map(({ of }) => points.map((point) => of(point) / value(point)));
  const scales = columns.map((column) => column.reduce((most, entry) => Math.max(most, Math.abs(entry)), 0));
  const scaled = columns.map((column, index) => column.map((entry) => entry / scales[index]));
  features.forEach(({ name }, index) => {
    const isTold = scales[index] > 0 && isFullRank([...kept, index].map((at) => scaled[at]));
    if (isTold) kept.push(index);
    else warnings.push(`the measurements do not tell the coefficient of ${name}: it is 0`);
  });
  const coefficients: number[] = new Array(features.length).fill(0);
  if (kept.length > 0) {
    const matrix = new Matrix(kept.map((index) => scaled[index])).transpose();
    const target = Matrix.columnVector(points.map((point) => 1 - known(point) / value(point)));
    const solution = new SVD(matrix, { autoTranspose: true }).solve(target).to1DArray();
    kept.forEach((index, position) => {
      coefficients[index] = solution[position] / scales[index];
    });
  }
  if (points.length <= kept.length) {
    warnings.push(`${points.length} measurements for ${kept.length} coefficients: the fit passes through all of them`);
  }
  features.forEach(({ name }, index) => {
    if (coefficients[index] < 0) {
      warnings.push(`the coefficient of ${name} is negative: times far from the measurements may be, too`);
    }
  });
  return { coefficients, warnings };
}

function isFullRank(columns: readonly (readonly number[])[]): boolean {
  if (columns[0].length < columns.length) return false;
  const singular = new SVD(new Matrix(columns.map((column) => [...column])), {
    autoTranspose: true,
    computeLeftSingularVectors: false,
    computeRightSingularVectors: false,
  }).diagonal;
  return Math.min(...singular) > SINGULAR_SHARE * Math.max(...singular);
}
