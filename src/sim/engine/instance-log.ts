/** One line of an instance's debug log: what it ran for a stretch of iterations, and what waited meanwhile. */
import type { InstanceLogRow } from "../recorder.ts";
import type { Requests } from "../workload/requests.ts";
import { isDecode, requestOf } from "../workload/task-table.ts";
import type { Batch } from "./batch.ts";
import type { WaitingTasks } from "./waiting-tasks.ts";

export interface StretchState {
  readonly batch: Batch;
  readonly requests: Requests;
  readonly waiting: WaitingTasks;
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly iterations: number;
  readonly memoryBytes: number;
  readonly pendingRequests: number;
  readonly allocations: number;
  readonly batchTokens: number;
}

/** Counts what is expensive to keep up to date (O(batch + waiting)), so it is called only with debug on. */
export function instanceLogRow(state: StretchState): InstanceLogRow {
  return {
    iterationStartSeconds: state.startSeconds,
    iterationEndSeconds: state.endSeconds,
    batchSize: state.batch.size,
    prefillsInBatch: state.batch.prefills,
    memoryBytes: state.memoryBytes,
    pendingRequests: state.pendingRequests,
    pendingTasks: state.waiting.queue.length,
    blockedTasks: state.waiting.preempted.length,
    pendingPrefills: state.waiting.prefills.length,
    earliestRequestId: state.requests.trace.requestId[earliestRequest(state)],
    memoryAllocations: state.allocations,
    contiguousIterations: state.iterations,
    batchTokens: state.batchTokens,
    pendingTokens: pendingTokens(state),
  };
}

function earliestRequest({ batch, requests, waiting }: StretchState): number {
  const arrivals = requests.arrivalSeconds;
  let earliest = waiting.byArrival.head;
  for (let index = 0; index < batch.size; index++) {
    const request = requestOf(batch.tasks[index]);
    if (
      earliest < 0 ||
      arrivals[request] < arrivals[earliest] ||
      (arrivals[request] === arrivals[earliest] && waiting.joinOrder(request) < waiting.joinOrder(earliest))
    )
      earliest = request;
  }
  return earliest;
}

function pendingTokens({ requests, waiting }: StretchState): number {
  let tokens = 0;
  for (let index = 0; index < waiting.queue.length; index++) {
    const task = waiting.queue.at(index);
    tokens += isDecode(task) ? 1 : requests.promptTokens[requestOf(task)];
  }
  return tokens;
}
