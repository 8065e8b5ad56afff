/** The completed requests of one application in the columns of `detailed/<application>.csv`. */
import type { RunRecord } from "../sim/recorder.ts";
import { type SummaryStatistics, summaryStatistics } from "./summary-statistics.ts";

/** Columns of `detailed/<application>.csv`, with their units and meaning. */
export const REQUEST_COLUMNS = {
  request_ids: { unit: "", doc: "Identifier of the request as the trace gives it." },
  response_times: { unit: "s", doc: "E2E: completion - arrival at the router." },
  queue_times: { unit: "s", doc: "Queueing delay: start of the prefill - arrival at the router." },
  ttft_times: { unit: "s", doc: "TTFT: end of the prefill - arrival at the router." },
  tbt_times: {
    unit: "s",
    doc: "Mean time between the request's output tokens: (E2E - TTFT) / gaps; 0 if there is no gap.",
  },
  nth_token_overheads: { unit: "s", doc: "Start of the decode - end of the prefill: KV-cache transfer and waiting." },
  prompt_sizes: { unit: "tokens", doc: "Prompt tokens." },
  token_sizes: { unit: "tokens", doc: "Output tokens, the first one included." },
} as const;

export type RequestColumn = keyof typeof REQUEST_COLUMNS;
export const REQUEST_COLUMN_NAMES = Object.keys(REQUEST_COLUMNS) as readonly RequestColumn[];

export interface RequestTable {
  readonly applicationId: number;
  /** Trace rows of the completed requests, in order of completion. */
  readonly rows: Int32Array;
  readonly columns: Readonly<Record<RequestColumn, Float64Array>>;
  /** Statistics of a column, computed when first asked for; undefined if no request was completed. */
  readonly statistics: (column: RequestColumn) => SummaryStatistics | undefined;
}

/** One table per application that has requests or instances, by ascending application id. */
export function requestTables(record: RunRecord): RequestTable[] {
  const rowsByApplication = new Map<number, number[]>();
  for (const id of applicationIds(record)) rowsByApplication.set(id, []);
  const { applicationId } = record.trace;
  for (const row of record.completionOrder) rowsByApplication.get(applicationId[row])!.push(row);
  return [...rowsByApplication].map(([id, rows]) => requestTable(record, id, Int32Array.from(rows)));
}

/** Ascending ids of the applications that have requests or instances. */
export function applicationIds(record: RunRecord): number[] {
  const ids = new Set(record.trace.applicationId);
  for (const instance of record.instances) ids.add(instance.applicationId);
  return [...ids].sort((a, b) => a - b);
}

/** The columns of the given trace rows, all of them completed requests. */
export function requestTable(record: RunRecord, applicationId: number, rows: Int32Array): RequestTable {
  const { trace, outcomes } = record;
  const count = rows.length;
  const columns = Object.fromEntries(REQUEST_COLUMN_NAMES.map((name) => [name, new Float64Array(count)])) as Record<
    RequestColumn,
    Float64Array
  >;
  const {
    request_ids,
    response_times,
    queue_times,
    ttft_times,
    tbt_times,
    nth_token_overheads,
    prompt_sizes,
    token_sizes,
  } = columns;
  const firstTokenIsNoGap = record.tbtDivisor === "gaps" ? 1 : 0;
  for (let i = 0; i < count; i++) {
    const row = rows[i];
    const arrivalSeconds = trace.arrivalSeconds[row];
    const prefillEndSeconds = outcomes.prefillEndSeconds[row];
    const responseSeconds = outcomes.completionSeconds[row] - arrivalSeconds;
    const ttftSeconds = prefillEndSeconds - arrivalSeconds;
    const gaps = trace.outputTokens[row] - firstTokenIsNoGap;
    const overheadSeconds = outcomes.decodeStartSeconds[row] - prefillEndSeconds;
    request_ids[i] = trace.requestId[row];
    response_times[i] = responseSeconds;
    queue_times[i] = outcomes.prefillStartSeconds[row] - arrivalSeconds;
    ttft_times[i] = ttftSeconds;
    tbt_times[i] = gaps > 0 ? (responseSeconds - ttftSeconds) / gaps : 0;
    nth_token_overheads[i] = Number.isNaN(overheadSeconds) ? 0 : overheadSeconds;
    prompt_sizes[i] = trace.promptTokens[row];
    token_sizes[i] = trace.outputTokens[row];
  }
  return { applicationId, rows, columns, statistics: memoised((column) => summaryStatistics(columns[column])) };
}

function memoised<K, V>(compute: (key: K) => V): (key: K) => V {
  const values = new Map<K, V>();
  return (key) => {
    if (!values.has(key)) values.set(key, compute(key));
    return values.get(key) as V;
  };
}
