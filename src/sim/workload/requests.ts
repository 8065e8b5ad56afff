/** Every request of a run: the trace's columns, and what happens to each request while it is served. */
import type { Recording, RequestOutcomes } from "../recorder.ts";
import type { Trace } from "./trace.ts";

function noTimes(count: number): Float64Array {
  return new Float64Array(count).fill(Number.NaN);
}

/** Columns indexed by request (trace row). */
export class Requests {
  readonly count: number;
  readonly trace: Trace;
  readonly arrivalSeconds: Float64Array;
  readonly promptTokens: Int32Array;
  readonly outputTokens: Int32Array;
  readonly outcomes: RequestOutcomes;
  /** KV-cache bytes charged to the request where it is now. */
  readonly heldBytes: Float64Array;
  /** Requests in order of completion; the first `completed` entries are set. */
  readonly completionOrder: Int32Array;
  completed = 0;

  constructor(trace: Trace, recording: Recording = "tasks") {
    const count = trace.count;
    // Writes beyond the end of a typed array do nothing.
    const taskCount = recording === "tasks" ? count : 0;
    this.count = count;
    this.trace = trace;
    this.arrivalSeconds = trace.arrivalSeconds;
    this.promptTokens = trace.promptTokens;
    this.outputTokens = trace.outputTokens;
    this.outcomes = {
      prefillStartSeconds: noTimes(count),
      prefillEndSeconds: noTimes(count),
      transferStartSeconds: noTimes(taskCount),
      transferEndSeconds: noTimes(taskCount),
      decodeStartSeconds: noTimes(count),
      decodeEndSeconds: noTimes(taskCount),
      completionSeconds: noTimes(count),
      prefillInstance: new Int32Array(count).fill(-1),
      decodeInstance: new Int32Array(count).fill(-1),
    };
    this.heldBytes = new Float64Array(count);
    this.completionOrder = new Int32Array(count);
  }

  /** The KV cache has arrived at the instance of the decode. */
  transferred(request: number, nowSeconds: number): void {
    if (this.outcomes.transferEndSeconds.length === 0) this.outcomes.transferEndSeconds = noTimes(this.count);
    this.outcomes.transferEndSeconds[request] = nowSeconds;
  }

  /** The request lost its place in a batch; `tokensLeft` are those of its output, where results are to know. */
  preempted(request: number, tokensLeft?: number): void {
    this.outcomes.preemptions ??= new Int32Array(this.count);
    this.outcomes.preemptions[request]++;
    if (tokensLeft === undefined) return;
    this.outcomes.tokensLeftAtEviction ??= new Int32Array(this.count);
    this.outcomes.tokensLeftAtEviction[request] = tokensLeft;
  }

  complete(request: number, nowSeconds: number): void {
    this.outcomes.completionSeconds[request] = nowSeconds;
    this.completionOrder[this.completed++] = request;
  }
}
