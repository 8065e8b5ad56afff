import { basename, extname } from "node:path";
import type { Measurement } from "../../analysis/fit/measurements.ts";
import { fitProfile } from "../../analysis/profile/fit-profile.ts";
import type { Aggregate } from "../../analysis/profile/profile-curve.ts";
import { profileText } from "../../analysis/profile/profile-file.ts";
import { SweepError } from "../../errors.ts";
import type { FitReport } from "./fit-report.ts";
import { scalarsFrom } from "./scalar-options.ts";

/** Errors: SweepError `USAGE`. */
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
    num_gpu_blocks: undefined,
    num_watermark_blocks: (blocks) => Math.floor(0.01 * blocks),
    max_num_batched_tokens: largest(({ tokens }) => tokens),
    max_num_seqs: largest(({ batch }) => batch),
  });
  if (scalars === undefined) {
    throw new SweepError("USAGE", "--num-gpu-blocks is missing: how many KV blocks the instance has.", {
      hint: "vLLM logs it at its start (GPU blocks).",
    });
  }
  const { profile, prefill, decode, warnings } = fitProfile(measurements, scalars, aggregate);
  const part = (name: string, title: string, curve: typeof prefill) =>
    curve === undefined ? [] : [{ name, title, coefficients: [], residuals: curve.residuals }];
  return {
    parts: [
      ...part("prefill", "Passes with a prefill, by tokens", prefill),
      ...part("decode", "Passes of decodes only, by tokens", decode),
    ],
    warnings,
    content: profileText(profile),
  };
}
