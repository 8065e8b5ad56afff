/**
 * What instances did when, in columns, recorded only for `sweep timeline`. An engine has one track, or several if parts of it
 * work at a time; on each it begins and ends one slice after another. Nothing of a run depends on it.
 */
import type { Instance } from "../cluster/instance.ts";
import type { Server } from "../cluster/server.ts";
import type { KvLinks } from "../kv-links/kv-links.ts";
import { ACTIVITIES, type Activity, type TimelineColumns, type TimelineTrack } from "../recorder.ts";
import type { Link } from "../swapping/links/link.ts";
import type { ProcessorGroup } from "../swapping/processor-group.ts";
import { SwapTimeline } from "../swapping/swap-timeline.ts";

/** Slices are kept that lie at least partly within the window, the first ones up to `mostSlices`. */
export interface TimelineBounds {
  readonly fromSeconds: number;
  readonly untilSeconds: number;
  readonly mostSlices: number;
}

/** A batch as far as a timeline shows it; 0 prompts and decodes for work of another kind. */
export interface ShownBatch {
  readonly prefills: number;
  readonly promptTokens: number;
  readonly decodes: number;
}

export class Timeline implements TimelineColumns {
  readonly tracks: TimelineTrack[] = [];
  swaps: SwapTimeline | undefined;
  readonly transferBytes = new Map<number, number>();
  slices = 0;
  leftOut = 0;
  track = new Int32Array(1024);
  activity = new Uint8Array(1024);
  startSeconds = new Float64Array(1024);
  endSeconds = new Float64Array(1024);
  iterations = new Int32Array(1024);
  prefills = new Int32Array(1024);
  promptTokens = new Int32Array(1024);
  decodes = new Int32Array(1024);
  waiting = new Int32Array(1024);
  memoryBytes = new Float64Array(1024);
  readonly #bounds: TimelineBounds;
  readonly #hosts = new Map<Instance, { readonly server: Server; readonly group: number | undefined }>();

  constructor(bounds: TimelineBounds) {
    this.#bounds = bounds;
  }

  /** Before the instance gets tracks. `group`: the number of the processors that it shares with other models. */
  addInstance(instance: Instance, server: Server, group: number | undefined): void {
    this.#hosts.set(instance, { server, group });
  }

  /** The same links, with a note of what travels over them. */
  watch(links: KvLinks): KvLinks {
    return {
      addInstance: (instance) => links.addInstance(instance),
      transfer: (request, bytes, source, destination) => {
        this.transferBytes.set(request, bytes);
        links.transfer(request, bytes, source, destination);
      },
    };
  }

  /** Groups of processors that models come to and leave, and the links that bring them. */
  addSwaps(groups: readonly ProcessorGroup[], links: readonly Link[]): SwapTimeline {
    this.swaps = new SwapTimeline(this.#bounds, groups, links);
    return this.swaps;
  }

  /** `part` names the track among those of the instance. */
  addTrack(instance: Instance, part?: string): Track {
    const { server, group } = this.#hosts.get(instance) as { server: Server; group: number | undefined };
    const name = part === undefined ? instance.label : `${instance.label} ${part}`;
    this.tracks.push({
      instance: instance.index,
      name,
      tag: instance.tag,
      serverId: server.id,
      skuName: server.skuName,
      group,
    });
    return new Track(this, this.tracks.length - 1, instance);
  }

  /** The row for a slice; -1 if it is not kept. */
  nextRow(startSeconds: number, endSeconds: number): number {
    const { fromSeconds, untilSeconds, mostSlices } = this.#bounds;
    if (endSeconds <= fromSeconds || startSeconds >= untilSeconds) return -1;
    if (this.slices === mostSlices) {
      this.leftOut++;
      return -1;
    }
    if (this.slices === this.track.length) this.#grow();
    return this.slices++;
  }

  #grow(): void {
    const rows = 2 * this.track.length;
    const grown = <Column extends Int32Array | Uint8Array | Float64Array>(column: Column, larger: Column): Column => {
      larger.set(column);
      return larger;
    };
    this.track = grown(this.track, new Int32Array(rows));
    this.activity = grown(this.activity, new Uint8Array(rows));
    this.startSeconds = grown(this.startSeconds, new Float64Array(rows));
    this.endSeconds = grown(this.endSeconds, new Float64Array(rows));
    this.iterations = grown(this.iterations, new Int32Array(rows));
    this.prefills = grown(this.prefills, new Int32Array(rows));
    this.promptTokens = grown(this.promptTokens, new Int32Array(rows));
    this.decodes = grown(this.decodes, new Int32Array(rows));
    this.waiting = grown(this.waiting, new Int32Array(rows));
    this.memoryBytes = grown(this.memoryBytes, new Float64Array(rows));
  }
}

const NO_BATCH: ShownBatch = { prefills: 0, promptTokens: 0, decodes: 0 };

/** One thing after another. A slice that the end of the run cuts off is not recorded, as it is not counted as busy time. */
export class Track {
  readonly #timeline: Timeline;
  readonly #index: number;
  readonly #instance: Instance;
  #activity = 0;
  #startSeconds = 0;
  #prefills = 0;
  #promptTokens = 0;
  #decodes = 0;
  #waiting = 0;
  #memoryBytes = 0;

  constructor(timeline: Timeline, index: number, instance: Instance) {
    this.#timeline = timeline;
    this.#index = index;
    this.#instance = instance;
  }

  /** Iterations of a batch begin: who joins has joined, and holds its memory. */
  beginBatch(startSeconds: number, batch: ShownBatch): void {
    const activity = batch.prefills === 0 ? "decode" : batch.decodes === 0 ? "prefill" : "mixed";
    this.begin(startSeconds, activity, batch);
  }

  begin(startSeconds: number, activity: Activity, { prefills, promptTokens, decodes } = NO_BATCH): void {
    this.#activity = ACTIVITIES.indexOf(activity);
    this.#startSeconds = startSeconds;
    this.#prefills = prefills;
    this.#promptTokens = promptTokens;
    this.#decodes = decodes;
    this.#waiting = this.#instance.engine.pendingTasks;
    this.#memoryBytes = this.#instance.memory.usedBytes;
  }

  /** The slice that was begun last ends. */
  end(endSeconds: number, iterations: number): void {
    const timeline = this.#timeline;
    const row = timeline.nextRow(this.#startSeconds, endSeconds);
    if (row < 0) return;
    timeline.track[row] = this.#index;
    timeline.activity[row] = this.#activity;
    timeline.startSeconds[row] = this.#startSeconds;
    timeline.endSeconds[row] = endSeconds;
    timeline.iterations[row] = iterations;
    timeline.prefills[row] = this.#prefills;
    timeline.promptTokens[row] = this.#promptTokens;
    timeline.decodes[row] = this.#decodes;
    timeline.waiting[row] = this.#waiting;
    timeline.memoryBytes[row] = this.#memoryBytes;
  }
}
