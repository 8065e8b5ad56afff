/** What is written about passes with debug on. */
import type { Instance } from "../../cluster/instance.ts";
import type { InstanceLogRow, PassLogRow } from "../../recorder.ts";
import type { Requests } from "../../workload/requests.ts";
import type { PassScheduler } from "./pass-scheduler.ts";

/** The pass that was scheduled last, after it was completed and before those that it finished left. */
export function passLogRow(
  scheduler: PassScheduler,
  outputTokensBefore: readonly number[],
  outputTokens: Int32Array,
  startSeconds: number,
  durationSeconds: number,
): Omit<PassLogRow, "running" | "waiting" | "freeBlocks"> {
  const { pass } = scheduler;
  const requests = pass.scheduled.toArray();
  return {
    startSeconds,
    durationSeconds,
    requests,
    tokens: Array.from(pass.tokens.subarray(0, requests.length)),
    totalTokens: pass.totalTokens,
    hasPrefill: pass.prefills > 0,
    preempted: pass.preempted.toArray(),
    prefixHits: [...pass.prefixHits],
    emitted: requests.filter((request, index) => outputTokens[request] > outputTokensBefore[index]),
    finished: scheduler.finished.toArray(),
  };
}

export interface StretchFigures {
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly passes: number;
  readonly pendingRequests: number;
}

/** The line of an instance's log for a stretch of passes, as other engines write it. */
export function stretchLogRow(
  scheduler: PassScheduler,
  instance: Instance,
  requests: Requests,
  figures: StretchFigures,
): InstanceLogRow {
  const { pass, waiting, running } = scheduler;
  const waitingRequests = waiting.toArray();
  const all = [...running.toArray(), ...waitingRequests];
  const earliest = all.reduce(
    (first, request) => (requests.arrivalSeconds[request] < requests.arrivalSeconds[first] ? request : first),
    all[0] ?? 0,
  );
  return {
    iterationStartSeconds: figures.startSeconds,
    iterationEndSeconds: figures.endSeconds,
    batchSize: pass.scheduled.count,
    prefillsInBatch: pass.prefills,
    memoryBytes: instance.memory.usedBytes,
    pendingRequests: figures.pendingRequests,
    pendingTasks: waiting.length,
    blockedTasks: pass.preempted.count,
    pendingPrefills: waiting.length,
    earliestRequestId: requests.trace.requestId[earliest],
    memoryAllocations: running.count,
    contiguousIterations: figures.passes,
    batchTokens: pass.totalTokens,
    pendingTokens: waitingRequests.reduce((sum, request) => sum + requests.promptTokens[request], 0),
  };
}
