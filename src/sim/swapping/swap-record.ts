/** What swapping did in a run, in rows and columns. */
import type { SwapLogRow } from "./swap-log.ts";

export interface SwappedModelRecord {
  readonly name: string;
  readonly applicationId: number;
  readonly requests: number;
  /** Requests that found the model ready when they arrived. */
  readonly hits: number;
  readonly loads: number;
  readonly loadedBytes: number;
  /** From the decision to load until it is ready, all loads together. */
  readonly loadingSeconds: number;
  readonly residentSeconds: number;
  readonly evictions: number;
  readonly wastedPrefetches: number;
  readonly preemptions: number;
  /** Tokens whose KV caches were dropped and computed again. */
  readonly redoneTokens: number;
}

export interface GroupRecord {
  readonly index: number;
  readonly server: number;
  readonly processorName: string;
  readonly processors: number;
  readonly memoryBytes: number;
  /** Seconds with a batch running, and with weights on their way to there. */
  readonly busySeconds: number;
  readonly loadingSeconds: number;
  /** Memory taken, or promised to models that are there, summed over time. */
  readonly committedByteSeconds: number;
}

export interface LinkRecord {
  readonly name: string;
  readonly bytesPerSecond: number;
  readonly busySeconds: number;
  readonly movedBytes: number;
}

export interface SwapRecord {
  readonly models: readonly SwappedModelRecord[];
  readonly groups: readonly GroupRecord[];
  readonly links: readonly LinkRecord[];
  readonly log: readonly SwapLogRow[];
  /** Seconds from a request's arrival until it was given to an instance: its model had to be loaded first, or to wait for memory. */
  readonly swapWaitSeconds: Float64Array;
  /** By instance: the number of its group. */
  readonly groupOfInstance: readonly number[];
}
