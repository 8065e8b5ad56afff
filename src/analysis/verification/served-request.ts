/** What became of one request, in a real engine or in a simulation of it. */

export interface ServedRequest {
  readonly name: string;
  readonly promptTokens: number;
  readonly outputTokens: number;
  /** Seconds; undefined where the record does not say. */
  readonly arrivalSeconds: number | undefined;
  readonly queueSeconds: number | undefined;
  readonly ttftSeconds: number | undefined;
  readonly e2eSeconds: number | undefined;
}

/** Seconds on one clock; all but the tokens may be missing. */
export interface RequestInstants {
  readonly arrival: number | undefined;
  readonly firstScheduled: number | undefined;
  readonly firstToken: number | undefined;
  readonly finished: number | undefined;
}

/** Latencies that are compared, in seconds, with the meanings of vLLM's benchmark. */
export const COMPARED_METRICS = {
  queue_time: "first scheduled - arrival",
  ttft: "first output token - arrival",
  tpot: "(E2E - TTFT) / (output tokens - 1)",
  e2e: "last output token - arrival",
} as const;

export type ComparedMetric = keyof typeof COMPARED_METRICS;
export const COMPARED_METRIC_NAMES = Object.keys(COMPARED_METRICS) as readonly ComparedMetric[];

/** Undefined where the record does not say, or the request has no such time. */
export function metricSeconds(request: ServedRequest, metric: ComparedMetric): number | undefined {
  const { queueSeconds, ttftSeconds, e2eSeconds, outputTokens } = request;
  if (metric === "queue_time") return queueSeconds;
  if (metric === "ttft") return ttftSeconds;
  if (metric === "e2e") return e2eSeconds;
  if (ttftSeconds === undefined || e2eSeconds === undefined || outputTokens < 2) return undefined;
  return (e2eSeconds - ttftSeconds) / (outputTokens - 1);
}

export function latenciesOf({ arrival, firstScheduled, firstToken, finished }: RequestInstants) {
  return {
    arrivalSeconds: arrival,
    queueSeconds: difference(firstScheduled, arrival),
    ttftSeconds: difference(firstToken, arrival),
    e2eSeconds: difference(finished, arrival),
  };
}

function difference(later: number | undefined, earlier: number | undefined): number | undefined {
  return later === undefined || earlier === undefined ? undefined : later - earlier;
}
