/** A profile of measured passes: a curve of passes of decodes only, and one of the others. */
import type { Measurement } from "../fit/measurements.ts";
import { type Residual, residual } from "../fit/residuals.ts";
import { type Aggregate, type CurvePoint, curveIntervals, curvePoints, unsteadyPoints } from "./profile-curve.ts";
import type { ProfileFile, ProfileScalars } from "./profile-file.ts";

export interface CurveFit {
  readonly points: readonly CurvePoint[];
  readonly residuals: readonly Residual[];
}

export interface ProfileFit {
  readonly profile: ProfileFile;
  /** Undefined without measurements of such passes: then the other curve stands for both. */
  readonly prefill: CurveFit | undefined;
  readonly decode: CurveFit | undefined;
  readonly warnings: readonly string[];
}

/** Of at least one measurement. */
export function fitProfile(
  measurements: readonly Measurement[],
  scalars: ProfileScalars,
  aggregate: Aggregate,
): ProfileFit {
  const prefill = fitCurve(
    measurements.filter(({ isDecode }) => !isDecode),
    aggregate,
  );
  const decode = fitCurve(
    measurements.filter(({ isDecode }) => isDecode),
    aggregate,
  );
  const ofPrefill = (prefill ?? decode)?.points ?? [];
  const ofDecode = (decode ?? prefill)?.points ?? [];
  const eager = { ...scalars, uses_cuda: false };
  // A pass of decodes has a token for each request.
  const largestDecode = Math.min(scalars.max_num_batched_tokens, scalars.max_num_seqs);
  const cuda = { ...scalars, uses_cuda: true, input_token_upper_limit: largestDecode };
  return {
    profile: {
      ...scalars,
      no_cuda_profile: { ...eager, intervals: curveIntervals(ofPrefill, eager.input_token_upper_limit) },
      cuda_profile: { ...cuda, intervals: curveIntervals(ofDecode, cuda.input_token_upper_limit) },
    },
    prefill,
    decode,
    warnings: [
      ...missing(prefill, "with a prefill"),
      ...missing(decode, "of decodes only"),
      ...unsteady(prefill, "with a prefill"),
      ...unsteady(decode, "of decodes only"),
    ],
  };
}

function fitCurve(measurements: readonly Measurement[], aggregate: Aggregate): CurveFit | undefined {
  if (measurements.length === 0) return undefined;
  const points = curvePoints(measurements, aggregate);
  const fitted = new Map(points.map(({ tokens, seconds }) => [tokens, seconds]));
  const residuals = measurements.map(({ tokens, seconds }) =>
    residual(String(tokens), seconds, fitted.get(tokens) ?? Number.NaN),
  );
  return { points, residuals };
}

function missing(curve: CurveFit | undefined, passes: string): string[] {
  return curve === undefined ? [`no pass ${passes} was measured: the other curve stands for both`] : [];
}

function unsteady(curve: CurveFit | undefined, passes: string): string[] {
  const points = unsteadyPoints(curve?.points ?? []);
  if (points.length === 0) return [];
  const tokens = points.slice(0, 5).map((point) => point.tokens);
  const rest = points.length > 5 ? ` and ${points.length - 5} others` : "";
  return [
    `times of passes ${passes} of ${tokens.join(", ")}${rest} tokens lie more than 10% apart: a profile knows tokens only`,
  ];
}
