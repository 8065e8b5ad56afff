/** The contract of an engine: the loop that runs one instance's work. */
import type { InstanceLogRow } from "../recorder.ts";

/**
 * An engine owns its instance's iteration loop. Work arrives as tasks (prefill, decode or both), which the executor
 * submits; the engine says when each is done. A decode may be submitted before its prefill is done, if both are here.
 */
export interface Engine {
  /** Requests with an unfinished task here, running ones too. */
  readonly pendingRequests: number;
  /** Tasks that wait here. */
  readonly pendingTasks: number;
  /** Seconds with a batch running so far. */
  readonly busySeconds: number;
  /** Iterations run so far. */
  readonly iterations: number;
  readonly log: readonly InstanceLogRow[];
  submit(task: number): void;
  /** A KV cache has left this instance: waiting work may fit now. */
  transferEnded(): void;
  /** Why waiting work cannot go on although nothing runs, as a sentence; undefined if nothing waits. */
  stall(): string | undefined;
}

/** Hears of finished tasks and idle instances; implemented by the executor. */
export interface EngineListener {
  prefillDone(request: number): void;
  decodeDone(request: number): void;
  instanceIdle(instance: number): void;
}
