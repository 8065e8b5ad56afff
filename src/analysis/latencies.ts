/** Distributions of latencies as quantiles. */

export const LATENCIES = {
  ttft_times: "TTFT",
  tbt_times: "TBT",
  response_times: "E2E",
} as const;
export type Latency = keyof typeof LATENCIES;

/** Shares of requests at which quantiles are taken: every percent, and finer towards the tail. */
export const SHARES: readonly number[] = [...Array.from({ length: 100 }, (_, i) => i / 100), 0.995, 0.999, 1];

/** Seconds at each of `SHARES`. */
export type LatencyQuantiles = Readonly<Record<Latency, readonly number[]>>;
