/** Transfers of KV caches as rows of a timeline: a source has as many lanes as it ever sends at a time. */
import type { RunRecord } from "../../sim/recorder.ts";
import { BytesUnderWay } from "./bytes-under-way.ts";
import { LaneBook } from "./lane-book.ts";

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
  readonly bytes: number;
  /** Bytes on their way from the source, once all that starts or ends at the same time has. */
  readonly underWayBytes: { readonly atStart: number; readonly atEnd: number };
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
export function transfersOf({ outcomes, timeline }: RunRecord, { fromSeconds, untilSeconds }: Window): Transfers {
  const { transferStartSeconds: starts, transferEndSeconds: ends, prefillInstance } = outcomes;
  const requests: number[] = [];
  ends.forEach((end, request) => {
    if (end > starts[request] && end > fromSeconds && starts[request] < untilSeconds) requests.push(request);
  });
  requests.sort((a, b) => starts[a] - starts[b] || a - b);
  const book = new LaneBook();
  const placed = requests.map((request) => {
    const [startSeconds, endSeconds, source] = [starts[request], ends[request], prefillInstance[request]];
    const bytes = timeline?.transferBytes.get(request) ?? 0;
    return { request, source, startSeconds, endSeconds, bytes, number: book.place(source, startSeconds, endSeconds) };
  });
  const underWay = new BytesUnderWay(placed);
  const lanes = book.owners.flatMap((source) =>
    Array.from({ length: book.lanesOf(source) }, (_, number) => ({ source, number })),
  );
  const firstLane = new Map(lanes.flatMap(({ source, number }, lane) => (number === 0 ? [[source, lane]] : [])));
  const rows = placed
    .map(({ request, source, number, startSeconds, endSeconds, bytes }) => ({
      request,
      lane: (firstLane.get(source) ?? 0) + number,
      startSeconds,
      endSeconds,
      bytes,
      underWayBytes: { atStart: underWay.at(source, startSeconds), atEnd: underWay.at(source, endSeconds) },
    }))
    .sort((a, b) => a.endSeconds - b.endSeconds || a.request - b.request);
  return { lanes, rows, byRequest: new Map(rows.map((row) => [row.request, row])) };
}
