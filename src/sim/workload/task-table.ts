/**
 * The tasks of all requests, two per request: the prefill of request r is task 2r, its decode task 2r + 1.
 * A prefill processes the prompt and yields the first output token; a decode yields the remaining ones.
 */

export function prefillTask(request: number): number {
  return 2 * request;
}

export function decodeTask(request: number): number {
  return 2 * request + 1;
}

export function requestOf(task: number): number {
  return task >> 1;
}

export function isDecode(task: number): boolean {
  return (task & 1) === 1;
}

/**
 * Life of a task: absent from all instances; queued at one; selected for the next batch (`starting`); running; preempted
 * (`blocked`: it waits and keeps its KV cache); selected again (`resuming`); done.
 */
export const TASK_STATE = {
  absent: 0,
  queued: 1,
  starting: 2,
  running: 3,
  blocked: 4,
  resuming: 5,
  done: 6,
} as const;

/** Columns indexed by task unless said otherwise, written by the engines, and by the executor before it submits a task. */
export class TaskTable {
  readonly state: Uint8Array;
  /** KV-cache bytes that the task adds when it first starts. */
  readonly bytes: Float64Array;
  /** By request: tokens that its decode has yet to yield; kept up to date only while it is not in a batch. */
  readonly remainingTokens: Int32Array;
  /** Age of a running task; for a waiting one, the count of starts at which its age was zero (see WaitingTasks). */
  readonly ageOrigin: Int32Array;
  /** By request: when its decode was preempted last; empty until one is. */
  pausedSeconds = new Float64Array(0);

  constructor(requests: number) {
    this.state = new Uint8Array(2 * requests);
    this.bytes = new Float64Array(2 * requests);
    this.remainingTokens = new Int32Array(requests);
    this.ageOrigin = new Int32Array(2 * requests);
  }

  /** The decode of a request is preempted. */
  pause(request: number, nowSeconds: number): void {
    if (this.pausedSeconds.length === 0) this.pausedSeconds = new Float64Array(this.remainingTokens.length);
    this.pausedSeconds[request] = nowSeconds;
  }
}
