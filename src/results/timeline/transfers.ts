/** Transfers of KV caches as rows of a timeline: a source has as many lanes as it ever sends at a time. */
import type { RunRecord } from "../../sim/recorder.ts";

export interface Lane {
  readonly source: number;
  /** Among those of the source. */
  readonly number: number;
}

export interface Transfer {
  readonly request: number;
  readonly lane: number;
  readonly startSeconds: number;
  readonly endSeconds: number;
}

export interface Transfers {
  /** In order of their sources. */
  readonly lanes: readonly Lane[];
  /** In order of their ends. */
  readonly rows: readonly Transfer[];
  readonly byRequest: ReadonlyMap<number, Transfer>;
}

export interface Window {
  readonly fromSeconds: number;
  readonly untilSeconds: number;
}

/** Transfers that took time, at least part of it within the window; needs a record of tasks. */
export function transfersOf({ outcomes }: RunRecord, { fromSeconds, untilSeconds }: Window): Transfers {
  const { transferStartSeconds: starts, transferEndSeconds: ends, prefillInstance } = outcomes;
  const requests: number[] = [];
  ends.forEach((end, request) => {
    if (end > starts[request] && end > fromSeconds && starts[request] < untilSeconds) requests.push(request);
  });
  requests.sort((a, b) => starts[a] - starts[b] || a - b);
  // By source: when each of its lanes is free again.
  const free = new Map<number, number[]>();
  const placed = requests.map((request) => {
    const source = prefillInstance[request];
    const lanes = free.get(source) ?? [];
    free.set(source, lanes);
    const open = lanes.findIndex((seconds) => seconds <= starts[request]);
    const number = open < 0 ? lanes.length : open;
    lanes[number] = ends[request];
    return { request, source, number };
  });
  const lanes = [...free]
    .sort(([a], [b]) => a - b)
    .flatMap(([source, { length }]) => Array.from({ length }, (_, number) => ({ source, number })));
  const firstLane = new Map(lanes.flatMap(({ source, number }, lane) => (number === 0 ? [[source, lane]] : [])));
  const rows = placed
    .map(({ request, source, number }) => ({
      request,
      lane: (firstLane.get(source) ?? 0) + number,
      startSeconds: starts[request],
      endSeconds: ends[request],
    }))
    .sort((a, b) => a.endSeconds - b.endSeconds || a.request - b.request);
  return { lanes, rows, byRequest: new Map(rows.map((row) => [row.request, row])) };
}
