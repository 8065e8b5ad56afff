/** The metrics of a run: one flat row, the columns of a sweep's table. */
import type { RunRecord, SwapRecord } from "../sim/recorder.ts";
import type { MetricInfo } from "./metric-info.ts";
import { pairwiseSum } from "./pairwise-sum.ts";
import { type RequestTable, requestTable } from "./request-table.ts";
import { instanceUtilisation } from "./utilisation.ts";

interface MetricDefinition extends Omit<MetricInfo, "name"> {
  readonly compute: (input: MetricInput) => number | null | undefined;
}

interface MetricInput {
  readonly record: RunRecord;
  /** Statistics over the completed requests of all applications. */
  readonly latency: RequestTable["latency"];
  /** First arrival to last completion; NaN without a completed request. */
  readonly spanSeconds: number;
  readonly completedPromptTokens: number;
  readonly completedOutputTokens: number;
  /** Seconds between the first and the last output token of all completed requests together, and gaps between their tokens. */
  readonly decodingSeconds: number;
  readonly gaps: number;
  /** Busy share of every instance. */
  readonly utilisations: readonly number[];
}

const SPAN = "over the span from the first arrival to the last completion";

function latencyMetrics(prefix: string, column: Parameters<RequestTable["latency"]>[0], what: string) {
  const metric = (statistic: "mean" | "p50" | "p90" | "p99"): MetricDefinition => ({
    unit: "s",
    doc: `${what}, ${statistic === "mean" ? "mean" : `${statistic.slice(1)}th percentile`} over the completed requests`,
    better: "lower",
    compute: (input) => input.latency(column)?.[statistic],
  });
  return {
    [`${prefix}_mean`]: metric("mean"),
    [`${prefix}_p50`]: metric("p50"),
    [`${prefix}_p90`]: metric("p90"),
    [`${prefix}_p99`]: metric("p99"),
  };
}

function gapQuantile(percent: number): MetricDefinition {
  return {
    unit: "s",
    doc: `Time between consecutive output tokens, ${percent}th percentile over all gaps, to 0.1 %`,
    better: "lower",
    compute: ({ record }) => record.tokenGaps.quantileSeconds(percent / 100),
  };
}

function swapMetric(compute: (swapping: SwapRecord) => number | null): MetricDefinition["compute"] {
  return ({ record: { swapping } }) => swapping && compute(swapping);
}

function sum<Key extends string>(rows: readonly Readonly<Record<Key, number>>[], key: Key): number {
  return rows.reduce((total, row) => total + row[key], 0);
}

/** Over the values that are numbers; null if none is. */
function meanOf(values: Float64Array): number | null {
  const known = values.filter((value) => !Number.isNaN(value));
  return known.length === 0 ? null : pairwiseSum(known) / known.length;
}

const DEFINITIONS: Readonly<Record<string, MetricDefinition>> = {
  requests: {
    unit: "requests",
    doc: "Requests of the trace",
    better: "neither",
    compute: ({ record }) => record.trace.count,
  },
  completed: {
    unit: "requests",
    doc: "Requests that got all their output tokens",
    better: "higher",
    compute: ({ record }) => record.completionOrder.length,
  },
  unfinished: {
    unit: "requests",
    doc: "Requests left without all their output tokens when the run ended; no latency counts them",
    better: "lower",
    compute: ({ record }) => record.trace.count - record.completionOrder.length,
  },
  simulated_seconds: {
    unit: "s",
    doc: "Simulated clock at the end of the run",
    better: "neither",
    compute: ({ record }) => record.endSeconds,
  },
  requests_per_second: {
    unit: "requests/s",
    doc: `Completed requests ${SPAN}`,
    better: "higher",
    compute: ({ record, spanSeconds }) => record.completionOrder.length / spanSeconds,
  },
  output_tokens_per_second: {
    unit: "tokens/s",
    doc: `Output tokens of completed requests ${SPAN}`,
    better: "higher",
    compute: ({ completedOutputTokens, spanSeconds }) => completedOutputTokens / spanSeconds,
  },
  total_tokens_per_second: {
    unit: "tokens/s",
    doc: `Prompt and output tokens of completed requests ${SPAN}`,
    better: "higher",
    compute: ({ completedPromptTokens, completedOutputTokens, spanSeconds }) =>
      (completedPromptTokens + completedOutputTokens) / spanSeconds,
  },
  ...latencyMetrics("ttft", "ttft_times", "Time from arrival to the first output token"),
  ...latencyMetrics("ttft_transferred", "ttft_transferred_times", "TTFT if the first token comes with the KV cache"),
  ...latencyMetrics("tbt", "tbt_times", "Mean time between a request's output tokens, of requests with several"),
  itl_mean: {
    unit: "s",
    doc: "Time between consecutive output tokens, mean over all gaps of the completed requests",
    better: "lower",
    compute: ({ decodingSeconds, gaps }) => decodingSeconds / gaps,
  },
  itl_p50: gapQuantile(50),
  itl_p90: gapQuantile(90),
  itl_p99: gapQuantile(99),
  ...latencyMetrics("e2e", "response_times", "Time from arrival to completion"),
  ...latencyMetrics("queue", "queue_times", "Time from arrival to the start of the prefill"),
  utilisation: {
    unit: "1",
    doc: "Share of the simulated time with a batch running, mean over the instances",
    better: "neither",
    compute: ({ utilisations }) => utilisations.reduce((sum, value) => sum + value, 0) / utilisations.length,
  },
  utilisation_min: {
    unit: "1",
    doc: "The same share of the least busy instance",
    better: "neither",
    compute: ({ utilisations }) => utilisations.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY),
  },
  utilisation_max: {
    unit: "1",
    doc: "The same share of the busiest instance",
    better: "neither",
    compute: ({ utilisations }) => utilisations.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY),
  },
  preemptions: {
    unit: "preemptions",
    doc: "How often requests lost their KV cache (evictions); none where the engine never takes it",
    better: "lower",
    compute: ({ record }) => record.outcomes.preemptions?.reduce((sum, count) => sum + count, 0),
  },
  cache_hit_rate: {
    unit: "1",
    doc: "Prompt tokens of completed requests that a prefix cache had, over all of their prompt tokens",
    better: "higher",
    compute: ({ record: { outcomes, completionOrder }, completedPromptTokens }) => {
      const cached = outcomes.cachedPromptTokens;
      return cached && completionOrder.reduce((sum, row) => sum + cached[row], 0) / completedPromptTokens;
    },
  },
  cold_start_ratio: {
    unit: "1",
    doc: "Requests whose model was not loaded when they arrived, over all requests; only where models are swapped, as the next ones",
    better: "lower",
    compute: swapMetric(({ models }) => 1 - sum(models, "hits") / sum(models, "requests")),
  },
  swap_wait_mean: {
    unit: "s",
    doc: "Time from arrival until the request's model was loaded and took it, mean over the requests that were taken",
    better: "lower",
    compute: swapMetric(({ swapWaitSeconds }) => meanOf(swapWaitSeconds)),
  },
  swap_wait_max: {
    unit: "s",
    doc: "The longest of these times",
    better: "lower",
    compute: swapMetric(({ swapWaitSeconds }) =>
      swapWaitSeconds.reduce((most, seconds) => (Number.isNaN(seconds) ? most : Math.max(most, seconds)), 0),
    ),
  },
  model_loads: {
    unit: "loads",
    doc: "Loads of models",
    better: "neither",
    compute: swapMetric(({ models }) => sum(models, "loads")),
  },
  model_evictions: {
    unit: "evictions",
    doc: "Models that left the memory of their processors",
    better: "neither",
    compute: swapMetric(({ models }) => sum(models, "evictions")),
  },
  wasted_prefetches: {
    unit: "loads",
    doc: "Models that were loaded unasked and left without a request",
    better: "lower",
    compute: swapMetric(({ models }) => sum(models, "wastedPrefetches")),
  },
  model_preemptions: {
    unit: "preemptions",
    doc: "Busy models that had to give way",
    better: "neither",
    compute: swapMetric(({ models }) => sum(models, "preemptions")),
  },
  loaded_bytes: {
    unit: "bytes",
    doc: "Weights moved to processors",
    better: "neither",
    compute: swapMetric(({ models }) => sum(models, "loadedBytes")),
  },
  processor_loading: {
    unit: "1",
    doc: "Share of the simulated time with weights on their way, mean over the groups of processors",
    better: "neither",
    compute: ({ record: { swapping, endSeconds } }) =>
      swapping && sum(swapping.groups, "loadingSeconds") / swapping.groups.length / endSeconds,
  },
  processor_memory: {
    unit: "1",
    doc: "Share of their memory that models have or that is promised to them, mean over time and groups of processors",
    better: "neither",
    compute: ({ record: { swapping, endSeconds } }) =>
      swapping && sum(swapping.groups, "committedByteSeconds") / sum(swapping.groups, "memoryBytes") / endSeconds,
  },
  instances: {
    unit: "instances",
    doc: "Instances that the run had",
    better: "neither",
    compute: ({ record }) => record.instances.length,
  },
  events: {
    unit: "events",
    doc: "Events executed by the simulator",
    better: "neither",
    compute: ({ record }) => record.counts.events,
  },
  iterations: {
    unit: "iterations",
    doc: "Iterations of all instances (forward passes of a batch)",
    better: "neither",
    compute: ({ record }) => record.counts.iterations,
  },
};

/** Every metric, in the order of the columns of `runs.csv`. */
export const METRICS: readonly MetricInfo[] = Object.entries(DEFINITIONS).map(([name, { unit, doc, better }]) => ({
  name,
  unit,
  doc,
  better,
}));

/** Metric values by name; null where a metric has no value (no completed request, no instance, an empty span). */
export type RunMetrics = Readonly<Record<string, number | null>>;

/** The metrics of a run. `tables` are the run's own, so that their statistics are not computed twice. */
export function runMetrics(record: RunRecord, tables: readonly RequestTable[]): RunMetrics {
  const { trace, outcomes, completionOrder } = record;
  const firstToken = outcomes.firstTokenSeconds ?? outcomes.prefillEndSeconds;
  let completedPromptTokens = 0;
  let completedOutputTokens = 0;
  let decodingSeconds = 0;
  for (const row of completionOrder) {
    completedPromptTokens += trace.promptTokens[row];
    completedOutputTokens += trace.outputTokens[row];
    decodingSeconds += outcomes.completionSeconds[row] - firstToken[row];
  }
  const input: MetricInput = {
    record,
    latency: latencyOf(record, servedTable(record, tables)),
    spanSeconds: servedSpanSeconds(record),
    completedPromptTokens,
    completedOutputTokens,
    decodingSeconds,
    gaps: completedOutputTokens - completionOrder.length,
    // Models that share processors are busy in turns.
    utilisations: (record.swapping?.groups ?? record.instances).map((each) =>
      instanceUtilisation(each, record.endSeconds),
    ),
  };
  return Object.fromEntries(
    Object.entries(DEFINITIONS).map(([name, { compute }]) => {
      const value = compute(input);
      return [name, typeof value === "number" && Number.isFinite(value) ? value : null];
    }),
  );
}

/** The requests of all applications: the only table that has any, else one of all completed requests together. */
export function servedTable(record: RunRecord, tables: readonly RequestTable[]): RequestTable {
  const served = tables.filter((table) => table.rows.length > 0);
  return served.length === 1 ? served[0] : requestTable(record, -1, record.completionOrder);
}

/** A request of one token has no time between its tokens; SplitwiseSim's divisor gives it one. */
function latencyOf(record: RunRecord, table: RequestTable): RequestTable["latency"] {
  if (record.tbtDivisor === "tokens") return table.latency;
  const rows = table.rows.filter((row) => record.trace.outputTokens[row] > 1);
  if (rows.length === table.rows.length) return table.latency;
  const withGaps = requestTable(record, table.applicationId, rows);
  return (name) => (name === "tbt_times" ? withGaps : table).latency(name);
}

/** First arrival to last completion; NaN without a completed request. */
export function servedSpanSeconds({ trace, outcomes, completionOrder }: RunRecord): number {
  let first = Number.POSITIVE_INFINITY;
  for (const seconds of trace.arrivalSeconds) if (seconds < first) first = seconds;
  let last = Number.NaN;
  for (const row of completionOrder) {
    const seconds = outcomes.completionSeconds[row];
    if (!(seconds <= last)) last = seconds;
  }
  return last - first;
}
