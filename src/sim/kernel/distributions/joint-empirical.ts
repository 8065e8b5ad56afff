import type { RandomStream } from "../random.ts";
import { intervalOf, quantileFunction } from "./empirical.ts";

/** Quantiles of one variable within bins of equal or unequal probability of another, which keep their dependence. */
export interface JointQuantiles {
  /** Probability at the bins' bounds, ascending from 0 to 1: one more than there are bins. */
  readonly bounds: readonly number[];
  /** Probabilities within a bin, ascending from 0 to 1, at which the first variable is known. */
  readonly firstLevels: readonly number[];
  /** By bin, the first variable's quantiles within it, at `firstLevels`. */
  readonly first: readonly (readonly number[])[];
  readonly secondLevels: readonly number[];
  /** By bin, the second variable's quantiles given that the first is in that bin, at `secondLevels`. */
  readonly second: readonly (readonly number[])[];
}

/** Draws pairs, by inverse transform: two draws of the stream per pair. */
export function jointEmpirical(table: JointQuantiles): (random: RandomStream) => readonly [number, number] {
  const { bounds } = table;
  const first = table.first.map((knots) => quantileFunction(table.firstLevels, knots));
  const second = table.second.map((knots) => quantileFunction(table.secondLevels, knots));
  return (random) => {
    const rank = random.uniform();
    const bin = intervalOf(bounds, rank);
    const rankInBin = (rank - bounds[bin]) / (bounds[bin + 1] - bounds[bin]);
    return [first[bin](rankInBin), second[bin](random.uniform())];
  };
}
