/** Requests that meet targets of their own, given in seconds: attainment and goodput as vLLM's benchmark counts them. */
import type { MetricInfo } from "./metric-info.ts";
import type { RunMetrics } from "./metrics.ts";
import type { RequestTable } from "./request-table.ts";

export interface LatencyTargets {
  readonly ttft?: number | null;
  readonly tbt?: number | null;
  readonly e2e?: number | null;
}

export interface AttainmentInput {
  readonly targets: LatencyTargets;
  /** The completed requests. */
  readonly table: RequestTable;
  /** Requests of the trace; those that are not completed meet no target. */
  readonly requests: number;
  /** First arrival to last completion. */
  readonly spanSeconds: number;
}

const LATENCIES = [
  ["ttft", "ttft_times", "TTFT"],
  ["tbt", "tbt_times", "TBT"],
  ["e2e", "response_times", "E2E latency"],
] as const;

export const ATTAINMENT_METRICS: readonly MetricInfo[] = [
  ...LATENCIES.map(([latency, , title]) => ({
    name: `${latency}_attainment`,
    unit: "1",
    doc: `Share of all requests with a ${title} of at most slo.targets.${latency}`,
    better: "higher" as const,
  })),
  { name: "slo_attainment", unit: "1", doc: "Share of all requests that meet every target", better: "higher" },
  {
    name: "goodput",
    unit: "requests/s",
    doc: "Requests that meet every target, over the span from the first arrival to the last completion",
    better: "higher",
  },
];

/** Only of targets that are set. O(completed requests). */
export function attainmentMetrics({ targets, table, requests, spanSeconds }: AttainmentInput): RunMetrics {
  const metrics: Record<string, number | null> = {};
  const meetsAll = new Uint8Array(table.rows.length).fill(1);
  for (const [latency, column] of LATENCIES) {
    const target = targets[latency];
    if (target == null) continue;
    const seconds = table.column(column);
    let met = 0;
    for (let index = 0; index < seconds.length; index++) {
      if (seconds[index] <= target) met++;
      else meetsAll[index] = 0;
    }
    metrics[`${latency}_attainment`] = share(met, requests);
  }
  const good = meetsAll.reduce((sum, meets) => sum + meets, 0);
  metrics.slo_attainment = share(good, requests);
  metrics.goodput = spanSeconds > 0 ? good / spanSeconds : null;
  return metrics;
}

function share(met: number, requests: number): number | null {
  return requests === 0 ? null : met / requests;
}
