import { ConfigError, TraceError } from "../errors.ts";

export interface ArrivalScaling {
  /** Divides all arrival times. */
  readonly rateScale?: number | undefined;
  /** Scales the arrivals so that this many gaps pass per second on average. Excludes `rateScale`. */
  readonly rate?: number | undefined;
}

/** Changes `arrivalSeconds`. Errors: ConfigError for both at once; TraceError if no rate can be reached. */
export function scaleArrivals(arrivalSeconds: Float64Array, { rate, rateScale }: ArrivalScaling, source: string): void {
  if (rate !== undefined && rateScale !== undefined) {
    throw new ConfigError("exclusive_keys", "rate and rate_scale both scale the arrivals.", {
      path: "trace.rate_scale",
      hint: "Set one of them to null.",
    });
  }
  const scale = rate === undefined ? (rateScale ?? 1) : scaleFor(rate, arrivalSeconds, source);
  if (scale !== 1) for (let row = 0; row < arrivalSeconds.length; row++) arrivalSeconds[row] /= scale;
}

/** The scale that makes n - 1 gaps pass at `rate` per second. */
function scaleFor(rate: number, arrivalSeconds: Float64Array, source: string): number {
  const gaps = arrivalSeconds.length - 1;
  let first = Number.POSITIVE_INFINITY;
  let last = 0;
  for (const seconds of arrivalSeconds) {
    first = Math.min(first, seconds);
    last = Math.max(last, seconds);
  }
  if (gaps === 0 || last === first) {
    throw new TraceError(`All ${gaps + 1} requests arrive at once, so that no rate can be reached.`, { file: source });
  }
  return (rate * (last - first)) / gaps;
}
