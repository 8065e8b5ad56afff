/** What happened in a run, in columns. Nothing here touches a file. */
import type { SwapLogRow } from "./swapping/swap-log.ts";
import type { SwapRecord } from "./swapping/swap-record.ts";
import type { SwapSampleColumns } from "./swapping/swap-samples.ts";
import type { CommittedRow, MovedRow, RateRow, SwapTimelineColumns } from "./swapping/swap-timeline.ts";
import type { TokenGaps } from "./token-gaps.ts";
import type { Trace } from "./workload/trace.ts";

export type { CommittedRow, MovedRow, RateRow, SwapLogRow, SwapRecord, SwapSampleColumns, SwapTimelineColumns };

/**
 * Outcome of every request, indexed by trace row. Times are seconds on the simulated clock and NaN where the
 * event did not happen; instances are indices into `RunRecord.instances`, -1 where none was bound.
 */
export interface RequestOutcomes {
  readonly prefillStartSeconds: Float64Array;
  /** The first output token exists from here on, unless `firstTokenSeconds` says otherwise. */
  readonly prefillEndSeconds: Float64Array;
  /** When the first output token exists, of engines whose prefill yields none; absent of others. */
  firstTokenSeconds?: Float64Array;
  /** Empty unless the run's tasks are recorded (`Recording`), like `decodeEndSeconds`. */
  readonly transferStartSeconds: Float64Array;
  /** Empty if no KV cache was transferred and tasks are not recorded. */
  transferEndSeconds: Float64Array;
  readonly decodeStartSeconds: Float64Array;
  readonly decodeEndSeconds: Float64Array;
  /** The scheduler and the router know that the request is complete. */
  readonly completionSeconds: Float64Array;
  readonly prefillInstance: Int32Array;
  readonly decodeInstance: Int32Array;
  /** How often the request lost its KV cache and had to compute it again; absent if the engines never do that. */
  preemptions?: Int32Array;
  /** Prompt tokens that were found in a prefix cache when the request was first scheduled; absent without such caches. */
  cachedPromptTokens?: Int32Array;
  /** Output tokens that an evicted request had left when it last lost its place; 0 for the others. */
  tokensLeftAtEviction?: Int32Array;
}

/** `tasks`: the times of every task; `requests`: only what latencies need, 16 bytes less per request. */
export type Recording = "tasks" | "requests";

export interface InstanceRecord {
  /** Number within its application, in order of creation. */
  readonly id: number;
  readonly applicationId: number;
  /** Name of its processors, e.g. `h100-80gb`. */
  readonly processorName: string;
  readonly processors: number;
  readonly tag: string | null;
  /** Memory of all its processors, for weights and KV caches. */
  readonly memoryBytes: number;
  /** Seconds with a batch running; a batch cut off by the end of the run is not counted. */
  readonly busySeconds: number;
}

/** Debug log of one instance: one entry per stretch of iterations of an unchanged batch. */
export interface InstanceLog {
  readonly instance: number;
  readonly rows: readonly InstanceLogRow[];
}

export interface InstanceLogRow {
  readonly iterationStartSeconds: number;
  readonly iterationEndSeconds: number;
  readonly batchSize: number;
  readonly prefillsInBatch: number;
  readonly memoryBytes: number;
  readonly pendingRequests: number;
  readonly pendingTasks: number;
  readonly blockedTasks: number;
  readonly pendingPrefills: number;
  readonly earliestRequestId: number;
  readonly memoryAllocations: number;
  readonly contiguousIterations: number;
  readonly batchTokens: number;
  readonly pendingTokens: number;
  /** Longest context in the batch, and seconds of the stretch's first iteration; of decode instances only. */
  readonly longestContextTokens?: number;
  readonly firstIterationSeconds?: number;
}

/** LLM-Serving-Simulator's samples, in the order in which they were taken. */
export interface EventSampleRows {
  /** Before a prefill starts: the prefill instance's number, and who waits. */
  readonly queues: { readonly seconds: number; readonly instance: number; readonly requests: readonly number[] }[];
  /** After a decode step: the decode instance's number, and the share of its memory for KV caches that is used. */
  readonly memory: { readonly seconds: number; readonly instance: number; readonly share: number }[];
}

/** One pass of an engine that decides pass by pass; requests are trace rows. */
export interface PassLogRow {
  readonly startSeconds: number;
  readonly durationSeconds: number;
  /** In the order in which they were scheduled, and the tokens of each. */
  readonly requests: readonly number[];
  readonly tokens: readonly number[];
  readonly totalTokens: number;
  readonly hasPrefill: boolean;
  readonly preempted: readonly number[];
  /** Requests admitted with a cached prefix, and its tokens. */
  readonly prefixHits: readonly (readonly [request: number, tokens: number])[];
  /** Requests that produced a token. */
  readonly emitted: readonly number[];
  readonly finished: readonly number[];
  /** After the pass. */
  readonly running: readonly number[];
  readonly waiting: readonly number[];
  readonly freeBlocks: number;
}

/** Debug log of the passes of one instance. */
export interface PassLog {
  readonly instance: number;
  readonly rows: readonly PassLogRow[];
}

/** What instances hold at times 0, one interval, two, ...: as many rows for each as there are instances then, in their order. */
export interface SampleColumns {
  readonly intervalSeconds: number;
  readonly times: number;
  /** By time: how many instances there were, the first ones of the run. */
  readonly instances: readonly number[];
  /** Rows of the columns that are set. */
  readonly rows: number;
  /** Tasks in the running batch. */
  readonly running: Int32Array;
  /** Tasks that wait at the instance. */
  readonly waiting: Int32Array;
  /** Requests with an unfinished task there. */
  readonly requests: Int32Array;
  /** Tokens that the running iteration computes; -1 if the engine does not say. */
  readonly batchTokens: Int32Array;
  /** Weights and KV caches. */
  readonly memoryBytes: Float64Array;
}

/** What a slice of a timeline shows an instance doing. */
export const ACTIVITIES = ["prefill", "mixed", "decode"] as const;
export type Activity = (typeof ACTIVITIES)[number];

/** A row of a timeline: an instance, or a part of one that works by itself. */
export interface TimelineTrack {
  /** Index into `RunRecord.instances`. */
  readonly instance: number;
  /** Differs from those of all other tracks of the application. */
  readonly name: string;
  readonly tag: string | null;
  readonly serverId: number;
  readonly skuName: string;
  /** Number of the group of processors that it shares with other models: their slices do not overlap. */
  readonly group: number | undefined;
}

/** Slices in the order in which they ended; those of a track do not overlap. */
export interface TimelineColumns {
  readonly tracks: readonly TimelineTrack[];
  /** Only where models are swapped. */
  readonly swaps: SwapTimelineColumns | undefined;
  /** By request: bytes of its KV cache that travelled from its prefill to its decode. */
  readonly transferBytes: ReadonlyMap<number, number>;
  /** Rows of the columns that are set. */
  readonly slices: number;
  /** Slices within the window that were more than asked for: they ended later than those that are here. */
  readonly leftOut: number;
  readonly track: Int32Array;
  /** Index into `ACTIVITIES`. */
  readonly activity: Uint8Array;
  readonly startSeconds: Float64Array;
  readonly endSeconds: Float64Array;
  /** The batch and its iterations: all alike, but for contexts that grow. */
  readonly iterations: Int32Array;
  readonly prefills: Int32Array;
  readonly promptTokens: Int32Array;
  readonly decodes: Int32Array;
  /** Tasks that wait at the instance, and its memory for weights and KV caches, when the slice begins. */
  readonly waiting: Int32Array;
  readonly memoryBytes: Float64Array;
}

export interface RunRecord {
  readonly trace: Trace;
  readonly outcomes: RequestOutcomes;
  /** Trace rows in order of completion. */
  readonly completionOrder: Int32Array;
  readonly instances: readonly InstanceRecord[];
  /** Simulated clock at the end of the run. */
  readonly endSeconds: number;
  /** Why the run stopped before all requests were complete, one sentence per cause; empty if none is left. */
  readonly unfinishedReasons: readonly string[];
  /** Output tokens between which TBT is averaged: `gaps` divides by outputTokens - 1, `tokens` by outputTokens (SplitwiseSim). */
  readonly tbtDivisor: "gaps" | "tokens";
  /** Gaps between output tokens, of requests that are not complete too; none if the engine does not count them. */
  readonly tokenGaps: TokenGaps;
  /** Only where models are swapped. */
  readonly swapping?: SwapRecord;
  /** Only if asked for. */
  readonly samples?: SampleColumns;
  /** Only if asked for. */
  readonly timeline?: TimelineColumns;
  /** Only of engines that take them. */
  readonly eventSamples?: EventSampleRows | undefined;
  /** Only with debug on. */
  readonly instanceLogs: readonly InstanceLog[];
  /** The same, of engines that log passes. */
  readonly passLogs?: readonly PassLog[];
  /** Events and iterations executed, for benchmarks and logs. */
  readonly counts: { readonly events: number; readonly iterations: number };
}
