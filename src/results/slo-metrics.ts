/**
 * Whether a run keeps its service level objectives, and what the cluster costs. Slowdowns against a request that has an
 * instance to itself, and the objectives on them: the evaluation of Splitwise (Patel et al., ISCA 2024, section 6; formulas
 * of its published notebooks).
 */
import type { MetricInfo } from "./metric-info.ts";
import type { RunMetrics } from "./metrics.ts";
import type { RequestTable } from "./request-table.ts";
import type { SloConfig } from "./slo.schema.ts";
import { ATTAINMENT_METRICS, attainmentMetrics } from "./slo-attainment.ts";
import { percentiles } from "./summary-statistics.ts";

/** Seconds of a prefill alone, and of one decode iteration, for a prompt of so many tokens. */
export interface ReferenceTimes {
  prefillSeconds(promptTokens: number): number;
  decodeSeconds(promptTokens: number): number;
}

export interface SloInput {
  readonly slo: SloConfig;
  readonly table: RequestTable;
  /** Completion of each row of the table, in simulated seconds. */
  readonly completionSeconds: Float64Array;
  readonly unfinished: number;
  /** First arrival to last completion. */
  readonly spanSeconds: number;
  /** Needed for limits of slowdowns only. */
  readonly reference?: ReferenceTimes | undefined;
  readonly servers: readonly { readonly sku: string; readonly count: number }[];
}

const LATENCIES = ["ttft", "tbt", "e2e"] as const;
const QUANTILES = [
  ["p50", 50],
  ["p90", 90],
  ["p99", 99],
] as const;

const SLOWDOWN_DOC = "over the same request's alone on the reference";

/** In the order of the columns of `runs.csv`, which has them only where an `slo` is chosen. */
export const SLO_METRICS: readonly MetricInfo[] = [
  ...LATENCIES.flatMap((latency) =>
    QUANTILES.map(([quantile, percent]) => ({
      name: `${latency}_slowdown_${quantile}`,
      unit: "1",
      doc: `${latency.toUpperCase()} ${SLOWDOWN_DOC}, ${percent}th percentile`,
      better: "lower" as const,
    })),
  ),
  {
    name: "within_slo",
    unit: "1",
    doc: "1 if every slowdown is below its limit and no request is unfinished, else 0",
    better: "higher",
  },
  ...ATTAINMENT_METRICS,
  {
    name: "slo_requests_per_second",
    unit: "requests/s",
    doc: "Requests completed within slo.throughput_window, over its length",
    better: "higher",
  },
  { name: "servers", unit: "servers", doc: "Servers of the cluster", better: "lower" },
  { name: "cost", unit: "slo.servers", doc: "Sum of the servers' cost", better: "lower" },
  { name: "power", unit: "slo.servers", doc: "Sum of the servers' power", better: "lower" },
];

/** What `slo` asks for; nothing for `none`. O(completed requests). */
export function sloMetrics(input: SloInput): RunMetrics {
  const { slo, table, unfinished, spanSeconds } = input;
  const { targets } = slo;
  return {
    ...slowdownMetrics(input),
    ...(targets && attainmentMetrics({ targets, table, requests: table.rows.length + unfinished, spanSeconds })),
    ...(slo.throughput_window && { slo_requests_per_second: throughput(input) }),
    ...(slo.servers && clusterMetrics(input)),
  };
}

function slowdownMetrics({ slo: { limits }, table, unfinished, reference }: SloInput): RunMetrics {
  if (limits === undefined || reference === undefined) return {};
  const slowdowns = slowdownsOf(table, reference);
  const metrics: Record<string, number | null> = {};
  let isWithin = unfinished === 0 && table.rows.length > 0;
  for (const latency of LATENCIES) {
    const column = slowdowns[latency];
    const values =
      column.length === 0
        ? []
        : percentiles(
            column,
            QUANTILES.map(([, percent]) => percent),
          );
    for (const [index, [quantile]] of QUANTILES.entries()) {
      const value = values[index] ?? null;
      metrics[`${latency}_slowdown_${quantile}`] = value;
      if (value === null || !(value < limits[latency][quantile])) isWithin = false;
    }
  }
  metrics.within_slo = isWithin ? 1 : 0;
  return metrics;
}

function clusterMetrics(input: SloInput): RunMetrics {
  return {
    servers: input.servers.reduce((sum, { count }) => sum + count, 0),
    cost: total(input, "cost"),
    power: total(input, "power"),
  };
}

/** The reference reads its decode time at the number of prompt tokens, as the paper's notebooks do. */
function slowdownsOf(table: RequestTable, reference: ReferenceTimes): Record<"ttft" | "tbt" | "e2e", Float64Array> {
  const ttft = table.column("ttft_times");
  const tbt = table.column("tbt_times");
  const e2e = table.column("response_times");
  const prompts = table.column("prompt_sizes");
  const outputs = table.column("token_sizes");
  for (let i = 0; i < ttft.length; i++) {
    const prefillSeconds = reference.prefillSeconds(prompts[i]);
    const decodeSeconds = reference.decodeSeconds(prompts[i]);
    ttft[i] /= prefillSeconds;
    tbt[i] /= decodeSeconds;
    e2e[i] /= prefillSeconds + decodeSeconds * (outputs[i] - 1);
  }
  return { ttft, tbt, e2e };
}

function throughput({ slo, completionSeconds }: SloInput): number | null {
  if (slo.throughput_window === undefined) return null;
  const [from, until] = slo.throughput_window;
  let count = 0;
  for (const seconds of completionSeconds) if (seconds >= from && seconds < until) count++;
  return until > from ? count / (until - from) : null;
}

/** Null if the cost of a SKU is not known. */
function total({ slo, servers }: SloInput, figure: "cost" | "power"): number | null {
  let sum = 0;
  for (const { sku, count } of servers) {
    if (count === 0) continue;
    const server = Object.hasOwn(slo.servers ?? {}, sku) ? slo.servers?.[sku] : undefined;
    if (server === undefined) return null;
    sum += server[figure] * count;
  }
  return sum;
}
