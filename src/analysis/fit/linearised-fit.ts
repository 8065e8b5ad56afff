/** Fits of models that are linear in their coefficients nearly everywhere, such as sums of maxima. */
import { type Feature, relativeLeastSquares } from "./relative-least-squares.ts";

export interface Coefficient {
  readonly name: string;
  readonly initial: number;
  readonly least: number;
}

export interface LinearisedFit {
  readonly coefficients: readonly number[];
  readonly warnings: readonly string[];
}

const MOST_ROUNDS = 50;
const SAME = 1e-12;

/**
 * Coefficients of the least squares of relative errors. `featuresAt` gives the features of every point near some coefficients:
 * there the value of the model is their product. Solved again from the solution until that does not move; of all rounds the
 * best counts. A coefficient below its least is set to it, and the others are solved again.
 */
export function fitLinearised<Point>(
  points: readonly Point[],
  coefficients: readonly Coefficient[],
  featuresAt: (coefficients: readonly number[]) => (point: Point) => readonly number[],
  value: (point: Point) => number,
): LinearisedFit {
  const squaredErrors = (at: readonly number[]) => {
    const features = featuresAt(at);
    return points.reduce((sum, point) => sum + (product(features(point), at) / value(point) - 1) ** 2, 0);
  };
  let current: readonly number[] = coefficients.map(({ initial }) => initial);
  let best: LinearisedFit & { readonly error: number } = {
    coefficients: current,
    warnings: [],
    error: squaredErrors(current),
  };
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const features = featuresAt(current);
    const rows = new Map(points.map((point) => [point, features(point)]));
    const solved = solveBounded(points, coefficients, (point) => rows.get(point) ?? [], value);
    const error = squaredErrors(solved.coefficients);
    if (error < best.error) best = { ...solved, error };
    const moved = solved.coefficients.some((next, index) => Math.abs(next - current[index]) > SAME * Math.abs(next));
    if (!moved) break;
    current = solved.coefficients;
  }
  return { coefficients: best.coefficients, warnings: best.warnings };
}

function solveBounded<Point>(
  points: readonly Point[],
  coefficients: readonly Coefficient[],
  features: (point: Point) => readonly number[],
  value: (point: Point) => number,
): LinearisedFit {
  const fixed = new Map<number, number>();
  const warnings: string[] = [];
  for (;;) {
    const free = coefficients.map((_, index) => index).filter((index) => !fixed.has(index));
    const terms = free.map(
      (index): Feature<Point> => ({
        name: coefficients[index].name,
        of: (point) => features(point)[index],
      }),
    );
    const known = (point: Point) =>
      [...fixed].reduce((sum, [index, coefficient]) => sum + coefficient * features(point)[index], 0);
    const fit = relativeLeastSquares(points, terms, value, known);
    const below = free.filter((index, position) => fit.coefficients[position] < coefficients[index].least);
    if (below.length === 0) {
      const solution = coefficients.map((_, index) => fixed.get(index) ?? fit.coefficients[free.indexOf(index)]);
      return { coefficients: solution, warnings: [...warnings, ...fit.warnings] };
    }
    for (const index of below) {
      fixed.set(index, coefficients[index].least);
      warnings.push(
        `the measurements ask for less of ${coefficients[index].name} than there can be: it is at its limit`,
      );
    }
  }
}

function product(features: readonly number[], coefficients: readonly number[]): number {
  return features.reduce((sum, feature, index) => sum + feature * coefficients[index], 0);
}
