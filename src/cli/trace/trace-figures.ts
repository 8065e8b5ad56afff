/** What is in a trace, in figures. */
import { percentile } from "../../results/summary-statistics.ts";
import type { Trace } from "../../sim/workload/trace.ts";
import { type ApplicationFigures, applicationFigures } from "./application-figures.ts";
import { type PrefixFigures, prefixFigures } from "./prefix-figures.ts";

const MINUTE_SECONDS = 60;

export interface ArrivalFigures {
  readonly first_seconds: number;
  /** From the first arrival to the last. */
  readonly span_seconds: number;
  /** Gaps per second of the span; null if all requests arrive at once. */
  readonly requests_per_second: number | null;
  /** Requests of each whole minute since the first arrival, as requests per second. */
  readonly minute_rate_min: number | null;
  readonly minute_rate_max: number | null;
  /** Coefficient of variation of the gaps: 1 for a Poisson process, more if bursty. Null below two gaps. */
  readonly gap_cv: number | null;
}

/** Of lengths in tokens; percentiles are linear. */
export interface LengthFigures {
  readonly total: number;
  readonly mean: number;
  readonly min: number;
  readonly p5: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
}

export interface TraceFigures extends ArrivalFigures {
  readonly requests: number;
  readonly prompt_tokens: LengthFigures;
  readonly output_tokens: LengthFigures;
  /** Only of requests for several applications. */
  readonly applications?: readonly ApplicationFigures[];
  /** Only of traces that say which prompts begin alike. */
  readonly prefixes?: PrefixFigures;
}

export function traceFigures(trace: Trace): TraceFigures {
  const applications = applicationFigures(trace);
  const prefixes = prefixFigures(trace);
  return {
    requests: trace.count,
    ...arrivalFigures(trace),
    prompt_tokens: lengthFigures(trace.promptTokens),
    output_tokens: lengthFigures(trace.outputTokens),
    ...(applications && { applications }),
    ...(prefixes && { prefixes }),
  };
}

export function arrivalFigures({ arrivalSeconds, count }: Trace): ArrivalFigures {
  const sorted = arrivalSeconds.slice().sort();
  const spanSeconds = sorted[count - 1] - sorted[0];
  const minutes = countsPerBin(sorted, MINUTE_SECONDS).slice(0, Math.floor(spanSeconds / MINUTE_SECONDS));
  const rates = minutes.map((requests) => requests / MINUTE_SECONDS);
  return {
    first_seconds: sorted[0],
    span_seconds: spanSeconds,
    requests_per_second: spanSeconds === 0 ? null : (count - 1) / spanSeconds,
    minute_rate_min: rates.length === 0 ? null : rates.reduce((least, rate) => Math.min(least, rate)),
    minute_rate_max: rates.length === 0 ? null : rates.reduce((most, rate) => Math.max(most, rate)),
    gap_cv: gapVariation(sorted),
  };
}

/** Requests in each `binSeconds` since the first arrival; `sorted` ascends. */
export function countsPerBin(sorted: Float64Array, binSeconds: number): number[] {
  const bins: number[] = new Array(Math.floor((sorted[sorted.length - 1] - sorted[0]) / binSeconds) + 1).fill(0);
  for (const seconds of sorted) bins[Math.min(bins.length - 1, Math.floor((seconds - sorted[0]) / binSeconds))]++;
  return bins;
}

function gapVariation(sorted: Float64Array): number | null {
  const gaps = sorted.length - 1;
  const mean = (sorted[gaps] - sorted[0]) / gaps;
  if (gaps < 2 || mean === 0) return null;
  let squares = 0;
  for (let i = 1; i <= gaps; i++) squares += (sorted[i] - sorted[i - 1] - mean) ** 2;
  return Math.sqrt(squares / gaps) / mean;
}

function lengthFigures(tokens: Int32Array): LengthFigures {
  const sorted = Float64Array.from(tokens).sort();
  const total = sorted.reduce((sum, length) => sum + length, 0);
  const at = (percent: number) => percentile(sorted, percent);
  return {
    total,
    mean: total / sorted.length,
    min: sorted[0],
    p5: at(5),
    p50: at(50),
    p90: at(90),
    p99: at(99),
    max: sorted[sorted.length - 1],
  };
}
