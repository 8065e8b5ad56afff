/** Objectives on the metrics of a run, as users write them. */
import { SweepError } from "../../errors.ts";
import { METRICS, type RunMetrics } from "../../results/metrics.ts";
import { SLO_METRICS } from "../../results/slo-metrics.ts";
import { didYouMean } from "../../suggest.ts";

export interface Target {
  readonly metric: string;
  readonly sign: "<" | ">";
  readonly limit: number;
}

const TARGET = /^([a-z0-9_]+)([<>])(.+)$/;

/** `ttft_p90<0.2`. Errors: SweepError `USAGE`. */
export function parseTarget(text: string): Target {
  const match = TARGET.exec(text.replaceAll(" ", ""));
  const limit = Number(match?.[3]);
  if (match === null || match[3] === "" || Number.isNaN(limit)) {
    throw new SweepError("USAGE", `--targets: found '${text}', expected a metric, < or >, and a number.`, {
      hint: "For example: --targets 'ttft_p90<0.2,tbt_p90<0.1' (seconds)",
    });
  }
  const known = [...METRICS, ...SLO_METRICS].map(({ name }) => name);
  if (!known.includes(match[1])) {
    throw new SweepError("USAGE", `--targets: there is no metric '${match[1]}'.`, {
      hint: didYouMean(match[1], known) ?? `Metrics: ${known.join(", ")}.`,
    });
  }
  return { metric: match[1], sign: match[2] as Target["sign"], limit };
}

/** Strictly below, or above, every limit; a metric without a value keeps none. */
export function keepsTargets(metrics: RunMetrics, targets: readonly Target[]): boolean {
  return targets.every(({ metric, sign, limit }) => {
    const value = metrics[metric];
    if (value === null || value === undefined) return false;
    return sign === "<" ? value < limit : value > limit;
  });
}
