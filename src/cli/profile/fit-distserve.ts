import { stringify } from "yaml";
import { type FittedPart, fitDistserve } from "../../analysis/fit/distserve-fit.ts";
import type { Measurement } from "../../analysis/fit/measurements.ts";
import type { FitPart, FitReport } from "./fit-report.ts";

const PREFILL_TERMS = ["1", "tokens", "squared_tokens"];
const DECODE_TERMS = ["1", "context + batch", "batch"];

export interface FittedInstance {
  readonly model: string;
  readonly tensorParallelism: number;
}

/** Coefficients in seconds; the file, an option of the group `performance_model`, has them in milliseconds as DistServe's. */
export function distserveReport(
  measurements: readonly Measurement[],
  threshold: number,
  { model, tensorParallelism }: FittedInstance,
): FitReport {
  const fit = fitDistserve(measurements, threshold);
  const part = (name: string, title: string, terms: readonly string[], fitted: FittedPart | undefined): FitPart[] => {
    if (fitted === undefined) return [];
    const coefficients = terms.map((term, index) => [term, fitted.coefficients[index]] as const);
    return [{ name, title, coefficients, residuals: fitted.residuals }];
  };
  const parts = [
    ...part("prefill", "Prefills, requests x tokens", PREFILL_TERMS, fit.prefill),
    ...part("decode_small", `Decodes of fewer than ${threshold} requests, with context`, DECODE_TERMS, fit.decodeSmall),
    ...part("decode_large", `Decodes of ${threshold} requests and more, with context`, DECODE_TERMS, fit.decodeLarge),
  ];
  const warningsOf = (name: string, fitted: FittedPart | undefined) =>
    (fitted?.warnings ?? []).map((warning) => `${name}: ${warning}`);
  const milliseconds = (...choices: (FittedPart | undefined)[]) =>
    (choices.find((fitted) => fitted !== undefined)?.coefficients ?? [0, 0, 0]).map((seconds) => seconds * 1000);
  const unmeasured = [
    ...(fit.prefill === undefined ? ["no prefill was measured: its coefficients are 0"] : []),
    ...((fit.decodeSmall ?? fit.decodeLarge) ? [] : ["no decode was measured: its coefficients are 0"]),
  ];
  return {
    parts,
    warnings: [
      ...unmeasured,
      ...fit.warnings,
      ...warningsOf("prefill", fit.prefill),
      ...warningsOf("small decodes", fit.decodeSmall),
      ...warningsOf("large decodes", fit.decodeLarge),
    ],
    content: stringify({
      _target_: "performance_models.DistServe",
      fit: "measured",
      large_decode_batch: threshold,
      fits: [
        {
          fit: "measured",
          model,
          tensor_parallelism: tensorParallelism,
          prefill: milliseconds(fit.prefill),
          decode: milliseconds(fit.decodeSmall, fit.decodeLarge),
          large_decode: milliseconds(fit.decodeLarge, fit.decodeSmall),
        },
      ],
    }),
  };
}
