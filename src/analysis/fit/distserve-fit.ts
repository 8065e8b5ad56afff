/**
 * DistServe's model of iteration times (Zhong et al., OSDI 2024; simdistserve): a prefill takes
 * A + B sum(tokens) + C sum(tokens^2), a decode A + B sum(context + 1) + C batch, with other coefficients for large batches.
 */
import type { Measurement } from "./measurements.ts";
import { type Feature, type LinearFit, relativeLeastSquares } from "./relative-least-squares.ts";
import { type Residual, residual } from "./residuals.ts";

const PREFILL: readonly Feature<Measurement>[] = [
  { name: "1", of: () => 1 },
  { name: "tokens", of: ({ tokens }) => tokens },
  { name: "squared tokens", of: ({ squaredTokens }) => squaredTokens },
];

const DECODE: readonly Feature<Measurement>[] = [
  { name: "1", of: () => 1 },
  { name: "context tokens", of: ({ context, batch }) => context + batch },
  { name: "batch", of: ({ batch }) => batch },
];

export interface FittedPart {
  /** Seconds, seconds per token or request. */
  readonly coefficients: readonly number[];
  readonly residuals: readonly Residual[];
  readonly warnings: readonly string[];
}

export interface DistserveFit {
  readonly prefill: FittedPart | undefined;
  /** Batches below the threshold. */
  readonly decodeSmall: FittedPart | undefined;
  readonly decodeLarge: FittedPart | undefined;
  readonly warnings: readonly string[];
}

/** Passes that prefill and decode are left out, and are counted in a warning. Times divide by `threshold` requests. */
export function fitDistserve(measurements: readonly Measurement[], threshold: number): DistserveFit {
  const prefills = measurements.filter(({ isDecode, context }) => !isDecode && context === 0);
  const decodes = measurements.filter(({ isDecode }) => isDecode);
  const mixed = measurements.length - prefills.length - decodes.length;
  return {
    prefill: fitPart(prefills, PREFILL, ({ tokens, batch }) => `${batch} x ${tokens / batch}`),
    decodeSmall: fitPart(
      decodes.filter(({ batch }) => batch < threshold),
      DECODE,
      decodeLabel,
    ),
    decodeLarge: fitPart(
      decodes.filter(({ batch }) => batch >= threshold),
      DECODE,
      decodeLabel,
    ),
    warnings:
      mixed === 0
        ? []
        : [`${mixed} passes with prompts and contexts are left out: DistServe's model has no such passes`],
  };
}

function decodeLabel({ batch, context }: Measurement): string {
  return `${batch} with ${context}`;
}

function fitPart(
  points: readonly Measurement[],
  features: readonly Feature<Measurement>[],
  label: (point: Measurement) => string,
): FittedPart | undefined {
  if (points.length === 0) return undefined;
  const { coefficients, warnings }: LinearFit = relativeLeastSquares(points, features, ({ seconds }) => seconds);
  const fitted = (point: Measurement) =>
    features.reduce((sum, { of }, index) => sum + coefficients[index] * of(point), 0);
  const residuals = points.map((point) => residual(label(point), point.seconds, fitted(point)));
  return { coefficients, residuals, warnings };
}
