/** Processes and threads of a timeline, with their names. */
import type { TimelineColumns, TimelineTrack } from "../../sim/recorder.ts";
import type { SwapRows } from "./swap-rows.ts";
import { SwapThreads } from "./swap-threads.ts";
import type { TraceEvent } from "./trace-events.ts";
import type { Lane } from "./transfers.ts";

export interface Thread {
  readonly pid: number;
  readonly tid: number;
  readonly name: string;
}

export interface TrackThread extends Thread {
  /** The thread, which tracks of a group of processors share. */
  readonly own: Thread;
  /** It shows queue and memory of its instance: the first of an instance that has its processors to itself. */
  readonly showsInstance: boolean;
}

/** Numbers count from 1, and threads go on where servers end: viewers treat process 0 and equal numbers as special. */
export class Threads {
  readonly swaps: SwapThreads | undefined;
  readonly #servers = new Map<number, string>();
  readonly #tracks: readonly TrackThread[];
  readonly #lanes: readonly Thread[];
  readonly #firstLanes: readonly number[];
  readonly #instanceNames = new Map<number, string>();
  readonly #sharedPid: number;

  constructor({ tracks, swaps }: TimelineColumns, lanes: readonly Lane[], swapRows: SwapRows) {
    const hosts = [...(swaps?.groups ?? []), ...tracks];
    const lastServer = hosts.reduce((last, { serverId }) => Math.max(last, serverId), 0);
    for (const { serverId, skuName } of hosts) this.#servers.set(serverId, `server ${serverId} (${skuName})`);
    this.#sharedPid = lastServer + 2;
    // Links that all servers share are a process of their own.
    let nextTid = this.#sharedPid + (swaps === undefined ? 0 : 1);
    this.swaps = swaps && new SwapThreads(swaps, swapRows, this.#sharedPid, nextTid);
    nextTid += this.swaps?.all.length ?? 0;
    const first = new Map<number, TimelineTrack>();
    this.#tracks = tracks.map((track) => {
      const { instance, serverId, tag, group } = track;
      const name = tag === null ? track.name : `${track.name} (${tag})`;
      const isFirst = !first.has(instance);
      if (isFirst) {
        first.set(instance, track);
        this.#instanceNames.set(instance, name);
      }
      const shared = group === undefined ? undefined : this.swaps?.ofGroup(group);
      const own = shared ?? { pid: serverId + 1, tid: nextTid++, name };
      return { ...own, own, showsInstance: isFirst && shared === undefined };
    });
    this.#firstLanes = lanes.map(({ number }, lane) => lane - number);
    this.#lanes = lanes.map(({ source, number }) => ({
      pid: (first.get(source)?.serverId ?? 0) + 1,
      tid: nextTid++,
      name: `KV caches from ${first.get(source)?.name}${number === 0 ? "" : ` (${number + 1})`}`,
    }));
  }

  ofTrack(track: number): TrackThread {
    return this.#tracks[track];
  }

  ofLane(lane: number): Thread {
    return this.#lanes[lane];
  }

  /** The first lane of the same source. */
  ofFirstLane(lane: number): Thread {
    return this.#lanes[this.#firstLanes[lane]];
  }

  nameOfInstance(instance: number): string {
    return this.#instanceNames.get(instance) ?? "";
  }

  *names(): Generator<TraceEvent> {
    for (const [server, name] of this.#servers) yield* processNames(server + 1, name);
    const swaps = this.swaps?.all ?? [];
    if (swaps.some(({ pid }) => pid === this.#sharedPid)) yield* processNames(this.#sharedPid, "all servers");
    const own = new Set(this.#tracks.map((track) => track.own));
    for (const { pid, tid, name } of new Set([...swaps, ...own, ...this.#lanes])) {
      yield { ph: "M", name: "thread_name", pid, tid, ts: 0, args: { name } };
      yield { ph: "M", name: "thread_sort_index", pid, tid, ts: 0, args: { sort_index: tid } };
    }
  }
}

function* processNames(pid: number, name: string): Generator<TraceEvent> {
  yield { ph: "M", name: "process_name", pid, tid: 0, ts: 0, args: { name } };
  yield { ph: "M", name: "process_sort_index", pid, tid: 0, ts: 0, args: { sort_index: pid - 1 } };
}
