/**
 * ORCA's iteration-level scheduling (Yu et al., OSDI 2022) as SplitwiseSim models it: first come, first served up to a
 * number of requests, limited by memory, never preempting.
 */
import type { Memory } from "../memory/memory.ts";
import { isDecode, TASK_STATE, type TaskTable } from "../workload/task-table.ts";
import type { Batch } from "./batch.ts";
import type { LocalPolicy } from "./local-policy.ts";
import type { WaitingTasks } from "./waiting-tasks.ts";

export interface OrcaLimits {
  readonly maxBatchSize: number;
  /** Whether decodes pass a prefill that does not fit. They must if their memory is reserved: it will be free no sooner. */
  readonly decodesPass: boolean;
}

export class OrcaPolicy implements LocalPolicy {
  readonly joining: Int32Array;
  joiningCount = 0;
  readonly batchTokens = 0;
  readonly #maxBatchSize: number;
  readonly #decodesPass: boolean;
  readonly #tasks: TaskTable;
  readonly #waiting: WaitingTasks;
  readonly #memory: Memory;

  constructor(limits: OrcaLimits, tasks: TaskTable, waiting: WaitingTasks, memory: Memory) {
    this.#maxBatchSize = limits.maxBatchSize;
    this.#decodesPass = limits.decodesPass;
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
    const { byArrival, prefills, queue } = this.#waiting;
    const room = this.#maxBatchSize - batch.size;
    const decodesWaiting = queue.length - prefills.length;
    let usedBytes = this.#memory.usedBytes;
    let decodesSeen = 0;
    let isBlocked = false;
    this.joiningCount = 0;
    for (let request = byArrival.head; request >= 0; request = byArrival.next(request)) {
      // Behind a prefill that does not fit only decodes can go on.
      if (this.joiningCount >= room || (isBlocked && decodesSeen === decodesWaiting)) break;
      const task = this.#waiting.firstTask(request);
      if (isDecode(task)) decodesSeen++;
      else if (isBlocked) continue;
      if (usedBytes + bytes[task] > this.#memory.capacityBytes) {
        if (!this.#decodesPass) break;
        isBlocked = true;
        continue;
      }
      usedBytes += bytes[task];
      state[task] = TASK_STATE.starting;
      this.joining[this.joiningCount++] = task;
    }
    return batch.size;
  }
}
