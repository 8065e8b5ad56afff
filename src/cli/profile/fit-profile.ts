/** Fits a profile: a curve of passes of decodes only, and one of the others. */
import { basename, extname } from "node:path";
import type { Measurement } from "../../analysis/fit/measurements.ts";
import { residual } from "../../analysis/fit/residuals.ts";
import { profileText } from "../../inputs/profile-text.ts";
import {
  type Aggregate,
  type CurvePoint,
  curvePoints,
  curveThrough,
  unsteadyPoints,
} from "../../sim/performance/profile/measured-curve.ts";
import type { FitPart, FitReport } from "./fit-report.ts";
import { scalarsFrom } from "./scalar-options.ts";

/** Of at least one measurement. Errors: SweepError `USAGE`. */
export function profileReport(
  measurements: readonly Measurement[],
  file: string,
  aggregate: Aggregate,
  options: Parameters<typeof scalarsFrom>[0],
): FitReport {
  const largest = (of: (measurement: Measurement) => number) =>
    measurements.reduce((most, measurement) => Math.max(most, of(measurement)), 1);
  const scalars = scalarsFrom(options, {
    model: basename(file, extname(file)),
    num_watermark_blocks: (blocks) => Math.floor(0.01 * blocks),
    max_num_batched_tokens: largest(({ tokens }) => tokens),
    max_num_seqs: largest(({ batch }) => batch),
  });
  const kinds = [
    { name: "prefill", passes: "with a prefill", measured: measurements.filter(({ isDecode }) => !isDecode) },
    { name: "decode", passes: "of decodes only", measured: measurements.filter(({ isDecode }) => isDecode) },
  ].map((kind) => ({ ...kind, points: curvePoints(kind.measured, aggregate) }));
  const [prefill, decode] = kinds.map(({ points }) => points);
  const { max_num_batched_tokens: budget, max_model_len: modelLen, max_num_seqs: sequences } = scalars;
  const orElse = (points: readonly CurvePoint[], other: readonly CurvePoint[]) => (points.length > 0 ? points : other);
  return {
    parts: kinds.filter(({ points }) => points.length > 0).map(partOf),
    warnings: kinds.flatMap(({ passes, points }) => warningsOf(passes, points)),
    content: profileText({
      scalars,
      prefill: curveThrough(orElse(prefill, decode), Math.min(budget, modelLen)),
      // A pass of decodes has a token for each request.
      decode: curveThrough(orElse(decode, prefill), Math.min(budget, sequences)),
    }),
  };
}

interface Kind {
  readonly name: string;
  readonly passes: string;
  readonly measured: readonly Measurement[];
  readonly points: readonly CurvePoint[];
}

function partOf({ name, passes, measured, points }: Kind): FitPart {
  const fitted = new Map(points.map(({ tokens, seconds }) => [tokens, seconds]));
  const residuals = measured.map(({ tokens, seconds }) =>
    residual(String(tokens), seconds, fitted.get(tokens) ?? Number.NaN),
  );
  return { name, title: `Passes ${passes}, by tokens`, coefficients: [], residuals };
}

function warningsOf(passes: string, points: readonly CurvePoint[]): string[] {
  if (points.length === 0) return [`no pass ${passes} was measured: the other curve stands for both`];
  const unsteady = unsteadyPoints(points);
  if (unsteady.length === 0) return [];
  const tokens = unsteady.slice(0, 5).map((point) => point.tokens);
  const rest = unsteady.length > 5 ? ` and ${unsteady.length - 5} others` : "";
  return [
    `times of passes ${passes} of ${tokens.join(", ")}${rest} tokens lie more than 10% apart: a profile knows tokens only`,
  ];
}
