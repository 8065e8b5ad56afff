/**
 * ORCA's iteration-level scheduling (Yu et al., OSDI 2022) as SplitwiseSim models it: first come, first served up to a
 * number of requests, limited by memory, never preempting.
 */
import type { Memory } from "../memory/memory.ts";
import { TASK_STATE, type TaskTable } from "../workload/task-table.ts";
import type { Batch } from "./batch.ts";
import type { LocalPolicy } from "./local-policy.ts";
import type { WaitingTasks } from "./waiting-tasks.ts";

export interface OrcaLimits {
  readonly maxBatchSize: number;
}

export class OrcaPolicy implements LocalPolicy {
  readonly joining: Int32Array;
  joiningCount = 0;
  readonly batchTokens = 0;
  readonly #maxBatchSize: number;
  readonly #tasks: TaskTable;
  readonly #waiting: WaitingTasks;
  readonly #memory: Memory;

  constructor(limits: OrcaLimits, tasks: TaskTable, waiting: WaitingTasks, memory: Memory) {
    this.#maxBatchSize = limits.maxBatchSize;
    this.#tasks = tasks;
    this.#waiting = waiting;
    this.#memory = memory;
    this.joining = new Int32Array(limits.maxBatchSize);
  }

  enqueue(task: number): void {
    this.#waiting.queue.append(task);
  }

  interrupts(batch: Batch): boolean {
    return batch.size < this.#maxBatchSize;
  }

  hasRoom(batch: Batch): boolean {
    return batch.size < this.#maxBatchSize;
  }

  select(batch: Batch): number {
    const { bytes, state } = this.#tasks;
    const { byArrival } = this.#waiting;
    const room = this.#maxBatchSize - batch.size;
    let usedBytes = this.#memory.usedBytes;
    this.joiningCount = 0;
    for (let request = byArrival.head; request >= 0; request = byArrival.next(request)) {
      if (this.joiningCount >= room) break;
      const task = this.#waiting.firstTask(request);
      if (usedBytes + bytes[task] > this.#memory.capacityBytes) break;
      usedBytes += bytes[task];
      state[task] = TASK_STATE.starting;
      this.joining[this.joiningCount++] = task;
    }
    return batch.size;
  }
}
