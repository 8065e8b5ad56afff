import { stringify } from "yaml";
import { type FittedPart, fitDistserve } from "../../analysis/fit/distserve-fit.ts";
import type { Measurement } from "../../analysis/fit/measurements.ts";
import type { FitPart, FitReport } from "./fit-report.ts";

const PREFILL_TERMS = ["1", "tokens", "squared_tokens"];
const DECODE_TERMS = ["1", "context + batch", "batch"];

/** Coefficients in seconds; the file has them in milliseconds, as DistServe's. */
export function distserveReport(measurements: readonly Measurement[], threshold: number): FitReport {
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
  const milliseconds = (fitted: FittedPart | undefined) => fitted?.coefficients.map((seconds) => seconds * 1000);
  const small = milliseconds(fit.decodeSmall ?? fit.decodeLarge);
  const large = milliseconds(fit.decodeLarge ?? fit.decodeSmall);
  return {
    parts,
    warnings: [
      ...fit.warnings,
      ...warningsOf("prefill", fit.prefill),
      ...warningsOf("small decodes", fit.decodeSmall),
      ...warningsOf("large decodes", fit.decodeLarge),
    ],
    content: stringify({
      threshold,
      prefill: milliseconds(fit.prefill) ?? null,
      decode_small: small ?? null,
      decode_large: large ?? null,
    }),
  };
}
