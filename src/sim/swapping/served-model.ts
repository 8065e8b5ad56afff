/** A model that is served, and where it is. */
import type { Instance } from "../cluster/instance.ts";
import type { Application } from "../workload/application.ts";
import type { Load } from "./links/weight-loader.ts";
import type { MemoryShare, ProcessorGroup } from "./processor-group.ts";

/** `held`: pre-empted; its weights are here, or its KV caches, and it does not compute. */
export type ResidencyState = "absent" | "loading" | "ready" | "held";

/** A model on a group of processors. */
export class Residency {
  readonly model: ServedModel;
  readonly group: ProcessorGroup;
  readonly share: MemoryShare = { weightBytes: 0, kvBytes: 0, reservedKvBytes: 0 };
  instance!: Instance;
  state: ResidencyState = "absent";
  load: Load | undefined = undefined;
  /** Of the last load: when it began, and when the model was ready. */
  loadingSinceSeconds = 0;
  readySinceSeconds = 0;
  /** When a request was placed or served here last, or the model was loaded. */
  lastUseSeconds = 0;
  idleSinceSeconds = 0;
  /** Requests placed since it was ready. */
  served = 0;
  /** Loaded before anybody asked for it, and nobody has since. */
  isUnusedPrefetch = false;
  /** KV caches that were moved to the host, and tokens whose KV caches were dropped. */
  movedKvBytes = 0;
  /** Of the memory that was moved, what had been computed and had to travel. */
  travellingKvBytes = 0;
  droppedKvBytes = 0;
  droppedTokens = 0;
  droppedRequests = 0;
  /** Of the last load: when weights set out for the processors and when the last ones were there, and what these computed meanwhile. */
  arrivingSinceSeconds = 0;
  arrivedSeconds = 0;
  computedMeanwhileSeconds = 0;
  /** By which its next stretch of iterations is later, or earlier at most. */
  startDelaySeconds = 0;
  hiddenSeconds = 0;

  constructor(model: ServedModel, group: ProcessorGroup) {
    this.model = model;
    this.group = group;
  }

  get isBusy(): boolean {
    return this.instance.engine.pendingRequests > 0;
  }

  /** It has requests, and may compute. */
  get isAtWork(): boolean {
    return this.state === "ready" && this.isBusy;
  }

  /** What it would leave free: its weights, and memory that is promised and not used. */
  get leavingBytes(): number {
    const { weightBytes, kvBytes, reservedKvBytes } = this.share;
    return weightBytes + Math.max(0, reservedKvBytes - kvBytes);
  }

  /** Memory that the model needs to be (again) here, beside what it has already. */
  get missingBytes(): number {
    const { weightBytes, kvBytes, reservedKvBytes } = this.share;
    const kv = kvBytes + this.movedKvBytes + this.droppedKvBytes;
    const { model } = this;
    return model.weightBytes + Math.max(kv, model.longestKvBytes) - weightBytes - Math.max(kvBytes, reservedKvBytes);
  }
}

type ServedModelParts = Pick<
  ServedModel,
  "index" | "name" | "application" | "weightBytes" | "layers" | "longestKvBytes" | "isPinned" | "requests" | "work"
>;

export class ServedModel {
  readonly index: number;
  readonly name: string;
  readonly application: Application;
  readonly weightBytes: number;
  readonly layers: number;
  /** KV cache of its longest request, which always fits while its weights are there. */
  readonly longestKvBytes: number;
  readonly isPinned: boolean;
  /** Rows of its requests, in the order of their arrival. */
  readonly requests: Int32Array;
  /** Tokens of these. */
  readonly work: number;
  readonly residencies: Residency[] = [];
  /** Requests that have arrived; the first ones of `requests`. */
  arrived = 0;
  /** When it had nothing to do last, for the lengths of its idle times. */
  idleSinceSeconds = 0;
  /** Lengths of its idle times, ascending. */
  readonly idleSeconds: number[] = [];
  hits = 0;
  loads = 0;
  evictions = 0;
  loadedBytes = 0;
  loadingSeconds = 0;
  residentSeconds = 0;
  wastedPrefetches = 0;
  /** It left since its last request without having served one: it is not prefetched again before the next. */
  isNotWanted = false;
  preemptions = 0;
  redoneTokens = 0;

  constructor(parts: ServedModelParts) {
    this.index = parts.index;
    this.name = parts.name;
    this.application = parts.application;
    this.weightBytes = parts.weightBytes;
    this.layers = parts.layers;
    this.longestKvBytes = parts.longestKvBytes;
    this.isPinned = parts.isPinned;
    this.requests = parts.requests;
    this.work = parts.work;
  }

  get neededBytes(): number {
    return this.weightBytes + this.longestKvBytes;
  }

  isReady(): boolean {
    return this.residencies.some(({ state }) => state === "ready");
  }

  isComing(): boolean {
    return this.residencies.some(({ state }) => state === "loading");
  }
}
