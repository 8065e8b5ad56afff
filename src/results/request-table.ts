/** The completed requests of one application in the columns of `detailed/<application>.csv`. */
import type { RunRecord } from "../sim/recorder.ts";
import {
  type LatencyStatistics,
  latencyStatistics,
  type SummaryStatistics,
  summaryStatistics,
} from "./summary-statistics.ts";

/** Columns of `detailed/<application>.csv`, with their units and meaning. */
export const REQUEST_COLUMNS = {
  request_ids: { unit: "", doc: "Identifier of the request as the trace gives it." },
  response_times: { unit: "s", doc: "E2E: completion - arrival at the router." },
  queue_times: { unit: "s", doc: "Queueing delay: start of the prefill - arrival at the router." },
  ttft_times: { unit: "s", doc: "TTFT: first output token - arrival at the router." },
  tbt_times: {
    unit: "s",
    doc: "Mean time between the request's output tokens: (E2E - TTFT) / gaps; 0 if there is no gap.",
  },
  nth_token_overheads: { unit: "s", doc: "Start of the decode - end of the prefill: KV-cache transfer and waiting." },
  prompt_sizes: { unit: "tokens", doc: "Prompt tokens." },
  token_sizes: { unit: "tokens", doc: "Output tokens, the first one included." },
} as const;

export type RequestColumn = keyof typeof REQUEST_COLUMNS;
/** Columns that metrics summarise and no file has: TTFT, or the time until the KV cache has arrived where the decode runs. */
type HiddenColumn = "ttft_transferred_times";
export const REQUEST_COLUMN_NAMES = Object.keys(REQUEST_COLUMNS) as readonly RequestColumn[];

export interface RequestTable {
  readonly applicationId: number;
  /** Trace rows of the completed requests, in order of completion. */
  readonly rows: Int32Array;
  /** A column of its own, which the caller may change: with millions of requests nobody should hold them all. */
  readonly column: (name: RequestColumn | HiddenColumn) => Float64Array;
  /** Statistics of a column, computed when first asked for; undefined if no request was completed. */
  readonly statistics: (name: RequestColumn) => SummaryStatistics | undefined;
  /** The same, without those that metrics do not need. */
  readonly latency: (name: RequestColumn | HiddenColumn) => LatencyStatistics | undefined;
}

/** One table per application that has requests or instances, by ascending application id. */
export function requestTables(record: RunRecord): RequestTable[] {
  const ids = applicationIds(record);
  if (ids.length === 1) return [requestTable(record, ids[0], record.completionOrder)];
  const { applicationId } = record.trace;
  return ids.map((id) => {
    const rows = record.completionOrder.filter((row) => applicationId[row] === id);
    return requestTable(record, id, rows);
  });
}

/** Ascending ids of the applications that have requests or instances. */
export function applicationIds(record: RunRecord): number[] {
  const ids = new Set(record.trace.applicationId);
  for (const instance of record.instances) ids.add(instance.applicationId);
  return [...ids].sort((a, b) => a - b);
}

/** The given trace rows, all of them completed requests. */
export function requestTable(record: RunRecord, applicationId: number, rows: Int32Array): RequestTable {
  const cells = columnCells(record);
  const column = (name: RequestColumn | HiddenColumn) => {
    const cell = cells[name];
    const values = new Float64Array(rows.length);
    for (let i = 0; i < rows.length; i++) values[i] = cell(rows[i]);
    return values;
  };
  const isTransferred = record.outcomes.transferEndSeconds.length > 0;
  const latency = memoised((name: RequestColumn | HiddenColumn): LatencyStatistics | undefined => {
    if (name === "ttft_transferred_times" && !isTransferred) return latency("ttft_times");
    return latencyStatistics(column(name));
  });
  return {
    applicationId,
    rows,
    column,
    statistics: memoised((name) => summaryStatistics(column(name))),
    latency,
  };
}

/** The value of every column for a trace row. */
function columnCells({
  trace,
  outcomes,
  tbtDivisor,
}: RunRecord): Record<RequestColumn | HiddenColumn, (row: number) => number> {
  const firstTokenIsNoGap = tbtDivisor === "gaps" ? 1 : 0;
  const response = (row: number) => outcomes.completionSeconds[row] - trace.arrivalSeconds[row];
  const firstToken = outcomes.firstTokenSeconds ?? outcomes.prefillEndSeconds;
  const ttft = (row: number) => firstToken[row] - trace.arrivalSeconds[row];
  const { transferEndSeconds } = outcomes;
  return {
    request_ids: (row) => trace.requestId[row],
    response_times: response,
    queue_times: (row) => outcomes.prefillStartSeconds[row] - trace.arrivalSeconds[row],
    ttft_times: ttft,
    ttft_transferred_times: (row) => {
      // Not a number if it was not transferred.
      const seconds = transferEndSeconds[row] - trace.arrivalSeconds[row];
      return Number.isNaN(seconds) ? ttft(row) : Math.max(seconds, ttft(row));
    },
    tbt_times: (row) => {
      const gaps = trace.outputTokens[row] - firstTokenIsNoGap;
      return gaps > 0 ? (response(row) - ttft(row)) / gaps : 0;
    },
    nth_token_overheads: (row) => {
      const seconds = outcomes.decodeStartSeconds[row] - outcomes.prefillEndSeconds[row];
      return Number.isNaN(seconds) ? 0 : seconds;
    },
    prompt_sizes: (row) => trace.promptTokens[row],
    token_sizes: (row) => trace.outputTokens[row],
  };
}

function memoised<K, V>(compute: (key: K) => V): (key: K) => V {
  const values = new Map<K, V>();
  return (key) => {
    if (!values.has(key)) values.set(key, compute(key));
    return values.get(key) as V;
  };
}
