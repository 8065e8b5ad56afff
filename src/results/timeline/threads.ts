/** Processes and threads of a timeline, with their names. */
import type { TimelineTrack } from "../../sim/recorder.ts";
import type { TraceEvent } from "./trace-events.ts";
import type { Lane } from "./transfers.ts";

export interface Thread {
  readonly pid: number;
  readonly tid: number;
  readonly name: string;
}

export interface TrackThread extends Thread {
  readonly isFirstOfInstance: boolean;
}

/** Numbers count from 1, and threads go on where servers end: viewers treat process 0 and equal numbers as special. */
export class Threads {
  readonly #servers = new Map<number, string>();
  readonly #tracks: readonly TrackThread[];
  readonly #lanes: readonly Thread[];
  readonly #instanceNames = new Map<number, string>();

  constructor(tracks: readonly TimelineTrack[], lanes: readonly Lane[]) {
    const lastServer = tracks.reduce((last, { serverId }) => Math.max(last, serverId), 0);
    const firstTid = lastServer + 2;
    const hosts = new Map<number, TimelineTrack>();
    this.#tracks = tracks.map((track, index) => {
      const { instance, serverId, skuName, tag } = track;
      this.#servers.set(serverId, `server ${serverId} (${skuName})`);
      const name = tag === null ? track.name : `${track.name} (${tag})`;
      const isFirstOfInstance = !hosts.has(instance);
      if (isFirstOfInstance) {
        hosts.set(instance, track);
        this.#instanceNames.set(instance, name);
      }
      return { pid: serverId + 1, tid: firstTid + index, name, isFirstOfInstance };
    });
    this.#lanes = lanes.map(({ source, number }, index) => ({
      pid: (hosts.get(source)?.serverId ?? 0) + 1,
      tid: firstTid + tracks.length + index,
      name: `KV caches from ${hosts.get(source)?.name}${number === 0 ? "" : ` (${number + 1})`}`,
    }));
  }

  ofTrack(track: number): TrackThread {
    return this.#tracks[track];
  }

  ofLane(lane: number): Thread {
    return this.#lanes[lane];
  }

  nameOfInstance(instance: number): string {
    return this.#instanceNames.get(instance) ?? "";
  }

  *names(): Generator<TraceEvent> {
    for (const [server, name] of this.#servers) {
      const pid = server + 1;
      yield { ph: "M", name: "process_name", pid, tid: 0, ts: 0, args: { name } };
      yield { ph: "M", name: "process_sort_index", pid, tid: 0, ts: 0, args: { sort_index: server } };
    }
    for (const { pid, tid, name } of [...this.#tracks, ...this.#lanes]) {
      yield { ph: "M", name: "thread_name", pid, tid, ts: 0, args: { name } };
      yield { ph: "M", name: "thread_sort_index", pid, tid, ts: 0, args: { sort_index: tid } };
    }
  }
}
