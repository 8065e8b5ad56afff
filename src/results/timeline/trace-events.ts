/**
 * A run as events of the Trace Event Format (Duffy, "Trace Event Format", Google 2016), which Perfetto and chrome://tracing
 * show: a process per server, a thread per instance and per lane of KV-cache transfers.
 */
import { ACTIVITIES, type RunRecord, type TimelineColumns } from "../../sim/recorder.ts";
import { microseconds, span } from "./event-times.ts";
import { requestPath, type Stop } from "./request-path.ts";
import { SliceIndex } from "./slice-index.ts";
import { GIGABYTE, SwapEvents } from "./swap-events.ts";
import { type SwapRow, type SwapRows, swapRowsOf } from "./swap-rows.ts";
import { type Thread, Threads } from "./threads.ts";
import { type Transfer, type Transfers, transfersOf, type Window } from "./transfers.ts";

export interface TraceEventOptions extends Window {
  /** Besides the names of processes and threads. */
  readonly mostEvents: number;
}

/** What of the window was left out for the limit. */
export interface LeftOut {
  /** All that ended until then is there. */
  readonly from_seconds: number;
  readonly slices: number;
  readonly transfers: number;
  readonly requests: number;
  /** Only where models are swapped: loads, evictions, transfers over links and changes of memory. */
  readonly swaps?: number;
}

export type TraceEvent = Readonly<Record<string, unknown>>;

export class TraceEvents {
  events = 0;
  leftOut: LeftOut | undefined;
  readonly #record: RunRecord;
  readonly #columns: TimelineColumns;
  readonly #options: TraceEventOptions;
  readonly #transfers: Transfers;
  readonly #slices: SliceIndex;
  readonly #threads: Threads;
  readonly #counters = new Map<string, number>();
  readonly #swaps: SwapRows;
  readonly #swapEvents: SwapEvents | undefined;
  /** By application: the name of its model, where models are swapped. */
  readonly #modelNames: ReadonlyMap<number, string>;
  /** By thread: when its last slice ended. */
  readonly #idleSince = new Map<Thread, number>();

  /** `record` has a timeline, and the times of tasks. */
  constructor(record: RunRecord, columns: TimelineColumns, options: TraceEventOptions) {
    this.#record = record;
    this.#columns = columns;
    this.#options = options;
    this.#transfers = transfersOf(record, options);
    this.#slices = new SliceIndex(columns);
    const { swapping } = record;
    this.#modelNames = new Map(swapping?.models.map(({ applicationId, name }) => [applicationId, name]));
    this.#swaps = swapRowsOf(swapping, columns.swaps, options);
    this.#threads = new Threads(columns, this.#transfers.lanes, this.#swaps);
    const { swaps } = this.#threads;
    this.#swapEvents = swapping && swaps && new SwapEvents(swapping, swaps);
  }

  /** All events, made as they are asked for; those of a request after all slices that its arrows join. */
  *all(): Generator<TraceEvent> {
    yield* this.#threads.names();
    for (const group of this.#groups()) {
      this.events += group.length;
      yield* group;
    }
    if (this.leftOut !== undefined) {
      const name = "What ends later was left out (--limit)";
      yield { ph: "i", s: "g", name, pid: 1, tid: 1, ts: microseconds(this.leftOut.from_seconds) };
    } else if (this.#endsIdle()) {
      for (const [thread, seconds] of this.#idleSince) yield* this.#counter(thread, "batch", "requests", seconds, 0);
    }
  }

  /** Else batches may run on that are not shown. */
  #endsIdle(): boolean {
    const { endSeconds, completionOrder, trace } = this.#record;
    return this.#options.untilSeconds >= endSeconds && completionOrder.length === trace.count;
  }

  /** What belongs together, in order of its end, up to the limit. */
  *#groups(): Generator<TraceEvent[]> {
    const { completionOrder, outcomes } = this.#record;
    const columns = this.#columns;
    const transfers = this.#transfers.rows;
    const swaps = this.#swaps;
    let [slice, transfer, request, swap] = [0, 0, 0, 0];
    let endSeconds = 0;
    for (;;) {
      const sliceEnd = slice < columns.slices ? columns.endSeconds[slice] : Number.POSITIVE_INFINITY;
      const transferEnd = transfers[transfer]?.endSeconds ?? Number.POSITIVE_INFINITY;
      const completion = outcomes.completionSeconds[completionOrder[request]] ?? Number.POSITIVE_INFINITY;
      const swapEnd = swaps.rows[swap]?.seconds ?? Number.POSITIVE_INFINITY;
      const next = Math.min(sliceEnd, transferEnd, swapEnd, completion);
      const isAllRecorded =
        (slice < columns.slices || columns.leftOut === 0) && (swap < swaps.rows.length || swaps.leftOut === 0);
      if (next === Number.POSITIVE_INFINITY && isAllRecorded) return;
      let group: TraceEvent[];
      if (sliceEnd === next) group = this.#sliceEvents(slice);
      else if (transferEnd === next) group = this.#transferEvents(transfers[transfer]);
      else if (swapEnd === next) group = this.#swapEventsOf(swaps.rows[swap]);
      else group = this.#flowEvents(completionOrder[request]);
      if (!isAllRecorded || this.events + group.length > this.#options.mostEvents) {
        this.leftOut = {
          from_seconds: endSeconds,
          slices: columns.slices - slice + columns.leftOut,
          transfers: transfers.length - transfer,
          requests: completionOrder.length - request,
          ...(columns.swaps && { swaps: swaps.rows.length - swap + swaps.leftOut }),
        };
        return;
      }
      yield group;
      endSeconds = next;
      if (sliceEnd === next) slice++;
      else if (transferEnd === next) transfer++;
      else if (swapEnd === next) swap++;
      else request++;
    }
  }

  #sliceEvents(row: number): TraceEvent[] {
    const columns = this.#columns;
    const track = columns.track[row];
    const start = columns.startSeconds[row];
    const thread = this.#threads.ofTrack(track);
    const { pid, tid, showsInstance } = thread;
    const work = ACTIVITIES[columns.activity[row]];
    const { instance, group } = columns.tracks[track];
    const model = this.#modelNames.get(this.#record.instances[instance].applicationId);
    const events: TraceEvent[] = [
      {
        ph: "X",
        cat: "iterations",
        name: group === undefined ? work : model,
        pid,
        tid,
        ...span(start, columns.endSeconds[row]),
        args: {
          ...(group !== undefined && { work }),
          iterations: columns.iterations[row],
          prefills: columns.prefills[row],
          prompt_tokens: columns.promptTokens[row],
          decodes: columns.decodes[row],
        },
      },
    ];
    const idleSince = this.#idleSince.get(thread.own);
    if (idleSince !== undefined && idleSince < start) {
      events.push(...this.#counter(thread.own, "batch", "requests", idleSince, 0));
    }
    this.#idleSince.set(thread.own, columns.endSeconds[row]);
    const batch = columns.prefills[row] + columns.decodes[row];
    events.push(...this.#counter(thread.own, "batch", "requests", start, batch));
    if (!showsInstance) return events;
    events.push(...this.#counter(thread.own, "queue", "tasks", start, columns.waiting[row]));
    events.push(...this.#counter(thread.own, "memory", "bytes", start, columns.memoryBytes[row]));
    return events;
  }

  #swapEventsOf(row: SwapRow): TraceEvent[] {
    return this.#swapEvents === undefined ? [] : [this.#swapEvents.eventOf(row)];
  }

  /** Nothing if the value has not changed. */
  #counter({ pid, tid, name: thread }: Thread, of: string, unit: string, seconds: number, value: number): TraceEvent[] {
    const name = `${thread} ${of}`;
    const key = `${pid} ${name}`;
    if (this.#counters.get(key) === value) return [];
    this.#counters.set(key, value);
    return [{ ph: "C", name, pid, tid, ts: microseconds(seconds), args: { [unit]: value } }];
  }

  /** The counter's events are in the order of the ends of transfers, not of their own times. */
  #transferEvents({ request, lane, startSeconds, endSeconds, bytes, underWayBytes }: Transfer): TraceEvent[] {
    const { outcomes, trace } = this.#record;
    const { pid, tid } = this.#threads.ofLane(lane);
    const to = this.#threads.nameOfInstance(outcomes.decodeInstance[request]);
    const gigabytes = bytes / GIGABYTE;
    const args = {
      request: trace.requestId[request],
      to,
      prompt_tokens: trace.promptTokens[request],
      gigabytes,
      gigabytes_per_second: gigabytes / (endSeconds - startSeconds),
    };
    const { tid: first, name } = this.#threads.ofFirstLane(lane);
    const counted = (seconds: number, sum: number) => ({
      ph: "C",
      name: `${name} under way`,
      pid,
      tid: first,
      ts: microseconds(seconds),
      args: { bytes: sum },
    });
    return [
      counted(startSeconds, underWayBytes.atStart),
      { ph: "X", cat: "transfer", name: "KV cache", pid, tid, ...span(startSeconds, endSeconds), args },
      counted(endSeconds, underWayBytes.atEnd),
    ];
  }

  /** Arrows from slice to slice; none if the timeline has only one of the request. */
  #flowEvents(request: number): TraceEvent[] {
    const path = requestPath(this.#record, this.#slices, this.#transfers, request);
    if (path.length < 2) return [];
    const { trace } = this.#record;
    return path.map((stop, index) => {
      const event = { cat: "request", name: "request", id: request, ...this.#middleOf(stop) };
      if (index === path.length - 1) return { ph: "f", bp: "e", ...event };
      if (index > 0) return { ph: "t", ...event };
      const args = {
        request: trace.requestId[request],
        arrival_s: trace.arrivalSeconds[request],
        prompt_tokens: trace.promptTokens[request],
        output_tokens: trace.outputTokens[request],
      };
      return { ph: "s", ...event, args };
    });
  }

  #middleOf(stop: Stop) {
    const { startSeconds, endSeconds, track } = this.#columns;
    const isSlice = typeof stop === "number";
    const [start, end] = isSlice ? [startSeconds[stop], endSeconds[stop]] : [stop.startSeconds, stop.endSeconds];
    const { pid, tid } = isSlice ? this.#threads.ofTrack(track[stop]) : this.#threads.ofLane(stop.lane);
    return { pid, tid, ts: microseconds((start + end) / 2) };
  }
}
