/** How far a fit is from what was measured. */
import { pairwiseSum } from "../../results/pairwise-sum.ts";

export interface Residual {
  /** What the pass is called, e.g. by its tokens. */
  readonly label: string;
  readonly measuredSeconds: number;
  readonly fittedSeconds: number;
  /** (fitted - measured) / measured. */
  readonly relativeError: number;
}

export interface ResidualSummary {
  readonly measurements: number;
  /** Of the absolute relative errors, as shares of 1. */
  readonly mean_relative_error: number;
  readonly max_relative_error: number;
  /** Of the signed relative errors. */
  readonly bias: number;
}

export function residual(label: string, measuredSeconds: number, fittedSeconds: number): Residual {
  const relativeError = (fittedSeconds - measuredSeconds) / measuredSeconds;
  return { label, measuredSeconds, fittedSeconds, relativeError };
}

/** Of at least one residual. */
export function summariseResiduals(residuals: readonly Residual[]): ResidualSummary {
  const errors = Float64Array.from(residuals, ({ relativeError }) => relativeError);
  const absolute = errors.map(Math.abs);
  return {
    measurements: errors.length,
    mean_relative_error: pairwiseSum(absolute) / errors.length,
    max_relative_error: absolute.reduce((most, error) => Math.max(most, error), 0),
    bias: pairwiseSum(errors) / errors.length,
  };
}
