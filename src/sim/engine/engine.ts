/** The contract of an engine: the loop that runs one instance's work. */
import type { InstanceOverheads } from "../allocator/allocator.ts";
import type { Instance } from "../cluster/instance.ts";
import type { Admission } from "../executor/admission.ts";
import type { DecodeSubmission } from "../executor/executor.ts";
import type { TransferRetry } from "../executor/kv-transfers.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { PerformanceModel, TimedInstance } from "../performance/performance-model.ts";
import type { LocalOrderDefinition } from "../policy/local/local-order.ts";
import type { MilpSolver } from "../policy/local/milp.ts";
import type { EventSampleRows, InstanceLogRow, PassLogRow } from "../recorder.ts";
import type { RunConfig } from "../simulation.schema.ts";
import type { Timeline } from "../timeline/timeline.ts";
import type { TokenGaps } from "../token-gaps.ts";
import type { Requests } from "../workload/requests.ts";
import type { TaskTable } from "../workload/task-table.ts";
import type { Trace } from "../workload/trace.ts";
import type { EngineParameters } from "./engine.schema.ts";
import type { InstanceParameters } from "./instance-parameters.ts";
import type { ProcessorTurns, TurnTaker } from "./processor-turns.ts";
import type { WaitingLinks } from "./waiting-tasks.ts";

/**
 * An engine owns its instance's iteration loop. Work arrives as tasks (prefill, decode or both), which the executor
 * submits; the engine says when each is done. A decode may be submitted before its prefill is done, if both are here.
 * A decode whose prefill was elsewhere is submitted when its KV cache has arrived.
 */
export interface Engine {
  /** Tasks in the running batch. */
  readonly batchSize: number;
  /** Requests with an unfinished task here, running ones too. */
  readonly pendingRequests: number;
  /** Tasks that wait here. */
  readonly pendingTasks: number;
  /** Tokens that the running iteration computes: those of prompts, and one per decode. For samples. */
  readonly batchTokens?: number;
  /** Seconds with a batch running so far. */
  readonly busySeconds: number;
  /** Iterations run so far. */
  readonly iterations: number;
  readonly log: readonly InstanceLogRow[];
  /** With debug on: every pass; not given by engines that do not log them. */
  readonly passes?: readonly PassLogRow[];
  submit(task: number): void;
  /** The KV cache of a request whose prefill was here is not needed here any more: waiting work may fit now. */
  transferEnded(request: number): void;
  /** How it gives way to other instances on its processors; absent of engines that cannot. */
  readonly turnTaker?: TurnTaker;
  /** Seconds until the work of a request that joined now would start, as far as the instance can tell. */
  backlogSeconds?(request: number): number;
  /** Why waiting work cannot go on although nothing runs, as a sentence; undefined if nothing waits. */
  stall(): string | undefined;
}

/** Hears of finished tasks and idle instances; implemented by the executor. */
export interface EngineListener {
  prefillDone(request: number): void;
  decodeDone(request: number): void;
  instanceIdle(instance: number): void;
}

/** What all engines of a simulation share. */
export interface EngineContext {
  readonly kernel: Kernel;
  readonly requests: Requests;
  readonly tasks: TaskTable;
  readonly links: WaitingLinks;
  readonly performance: PerformanceModel;
  /** Where engines count the gaps between output tokens, best by a `GapCounter`; percentiles of ITL need it. */
  readonly tokenGaps: TokenGaps;
  /** Given if somebody wants to see what instances do when: engines take tracks of it. */
  readonly timeline: Timeline | undefined;
  /** The resolved configuration: the engine's own node, and those of the policies that belong to it. */
  readonly config: RunConfig;
  /** For policies that ask one. */
  readonly milpSolver: MilpSolver | undefined;
  /** Those of plugins, besides the shipped ones. */
  readonly addedLocalOrders?: readonly LocalOrderDefinition[] | undefined;
}

/** What an engine gets from the application whose model it runs. */
export interface EngineOwner {
  /** What the performance model is asked about. */
  readonly timed: TimedInstance;
  /** KV-cache bytes of one token in all layers, on all processors of the instance together. */
  readonly kvBytesPerToken: number;
  readonly weightBytes: number;
  readonly overheads: InstanceOverheads;
  readonly listener: EngineListener;
  readonly debug: boolean;
  /** Given if the instance shares its processors with others. */
  readonly turns?: ProcessorTurns | undefined;
}

/** How the executor works with engines that are given tasks one by one. */
export interface TaskSettings {
  readonly admission: Admission;
  readonly decodeSubmission: DecodeSubmission;
  readonly transferRetry: TransferRetry;
}

/**
 * Who yields the first output token: the prefill, so that a request of one token has no decode; or the first iteration of
 * the decode, of which there are as many as output tokens (LLM-Serving-Simulator, simdistserve).
 */
export type FirstToken = "prefill" | "decode";

/** The transfer of a KV cache that may have begun during its prefill. */
export interface OverlappedTransfer {
  readonly bytes: number;
  readonly prefillSeconds: number;
  readonly layers: number;
  readonly bytesPerSecond: number;
}

/** One entry of the registry of engines: a value of the config group `engine`. */
export interface EngineDefinition {
  readonly targets: readonly string[];
  /**
   * Given for engines that take tasks one by one and charge the bytes with which the executor sized them. Others keep account
   * of KV caches themselves (in their instance's memory, for schedulers to see): they are given the prefill of a request
   * and go on to its decode by themselves, unless that is to run elsewhere.
   */
  taskSettings?(parameters: EngineParameters): TaskSettings;
  /** It asks `prefill_local` and `decode_local`; with other engines these are refused. */
  readonly ordersLocally?: boolean;
  /** Its instances may have `turns`, and are turn takers; with others models cannot be swapped. */
  readonly sharesProcessors?: boolean;
  /** Default: `prefill`. */
  firstToken?(parameters: EngineParameters): FirstToken;
  /** Bytes that still have to travel when the prefill of a request has ended; default: all `bytes` of its KV cache. */
  remainingBytes?(parameters: EngineParameters, transfer: OverlappedTransfer): number;
  /** What the engines sampled; asked once the run is over. */
  eventSamples?(context: EngineContext): EventSampleRows | undefined;
  /** Errors: ConfigError for parameters that this instance cannot have, or if the performance model cannot time it. */
  create(context: EngineContext, instance: Instance, parameters: InstanceParameters, owner: EngineOwner): Engine;
  /** The trace that the run uses, for engines that decide themselves when requests arrive. */
  prepareTrace?(trace: Trace, config: RunConfig): Trace;
  /** Throws a TraceError or ConfigError that names all requests which could never be served, before the first event. */
  checkTrace?(trace: Trace, instances: readonly Instance[], applications: ApplicationsById, config: RunConfig): void;
}

export type ApplicationsById = ReadonlyMap<number, { readonly kvBytesPerToken: number }>;
