/**
 * SplitwiseSim's mixed continuous batching (Patel et al., "Splitwise", ISCA 2024, section 4.3): prefills first, within
 * a budget of batch tokens; they preempt decodes, and a task that has aged enough goes before all others.
 */
import type { Memory } from "../memory/memory.ts";
import type { Requests } from "../workload/requests.ts";
import { decodeTask, isDecode, prefillTask, requestOf, TASK_STATE, type TaskTable } from "../workload/task-table.ts";
import type { Batch } from "./batch.ts";
import type { LocalPolicy } from "./local-policy.ts";
import type { WaitingTasks } from "./waiting-tasks.ts";

/**
 * Which arrivals end a running stretch early: every prefill, as prefills go before decodes; or only what fits into the
 * batch beside its prefills (SplitwiseSim), which leaves a prompt above the token budget waiting for a decode to end.
 */
export type Interruption = "any_prefill" | "within_budget";

export interface SplitwiseLimits {
  readonly maxBatchSize: number;
  readonly maxBatchTokens: number;
  /** Age from which a waiting task goes before all others. */
  readonly maxPreemptions: number;
  readonly interruption: Interruption;
  /** Whether decodes pass a prefill that does not fit. They must if their memory is reserved: it will be free no sooner. */
  readonly decodesPass: boolean;
}

export class SplitwisePolicy implements LocalPolicy {
  readonly joining: Int32Array;
  joiningCount = 0;
  batchTokens = 0;
  readonly #limits: SplitwiseLimits;
  readonly #anyPrefillInterrupts: boolean;
  readonly #requests: Requests;
  readonly #tasks: TaskTable;
  readonly #waiting: WaitingTasks;
  readonly #memory: Memory;
  /** Memory in use once everything taken so far has started. */
  #usedBytes = 0;

  constructor(limits: SplitwiseLimits, requests: Requests, tasks: TaskTable, waiting: WaitingTasks, memory: Memory) {
    this.#limits = limits;
    this.#anyPrefillInterrupts = limits.interruption === "any_prefill";
    this.#requests = requests;
    this.#tasks = tasks;
    this.#waiting = waiting;
    this.#memory = memory;
    this.joining = new Int32Array(limits.maxBatchSize);
  }

  /** Sorted by (age, arrival time), after equals. Ages of queued tasks may grow, so the place found is the bisection's. */
  enqueue(task: number): void {
    const queue = this.#waiting.queue;
    const arrivals = this.#requests.arrivalSeconds;
    const age = this.#waiting.age(task);
    const arrival = arrivals[requestOf(task)];
    let low = 0;
    let high = queue.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = queue.at(middle);
      const otherAge = this.#waiting.age(other);
      if (this.#waiting.isAgeBefore(age, otherAge) || (age === otherAge && arrival < arrivals[requestOf(other)]))
        high = middle;
      else low = middle + 1;
    }
    queue.insert(low, task);
  }

  interrupts(batch: Batch, task: number): boolean {
    const { maxBatchSize, maxBatchTokens } = this.#limits;
    if (this.#anyPrefillInterrupts && !isDecode(task)) return true;
    const tokens = this.#iterationTokens(task);
    if (batch.size < maxBatchSize && this.batchTokens + tokens <= maxBatchTokens) return true;
    // A prefill may push decodes out: only the other prefills of the batch count against it.
    return (
      !isDecode(task) && batch.prefills < batch.size && this.batchTokens - batch.decodes + tokens <= maxBatchTokens
    );
  }

  hasRoom(batch: Batch): boolean {
    return batch.size < this.#limits.maxBatchSize && this.batchTokens < this.#limits.maxBatchTokens;
  }

  select(batch: Batch): number {
    this.joiningCount = 0;
    this.batchTokens = 0;
    this.#usedBytes = this.#memory.usedBytes;
    if (this.#waiting.queue.length === 0) {
      this.batchTokens = batch.size;
      return batch.size;
    }
    this.#takeAged();
    this.#takePrefills();
    this.#takePreempted();
    const staying = this.#keepRunning(batch);
    // If someone had to go, the batch is full: nobody else fits.
    if (staying === batch.size) this.#takeByArrival(staying);
    return staying;
  }

  #takeAged(): void {
    const queue = this.#waiting.queue;
    for (let index = 0; index < queue.length; index++) {
      const task = queue.at(index);
      if (this.#waiting.age(task) < this.#limits.maxPreemptions || this.#isFull(task, 0)) return;
      const request = requestOf(task);
      // A decode is no candidate before its prefill is done.
      if (!this.#isTaken(request) && this.#waiting.firstTask(request) === task) this.#takeIfItFits(task);
    }
  }

  #takePrefills(): void {
    const { prefills } = this.#waiting;
    for (let request = prefills.head; request >= 0; request = prefills.next(request)) {
      const task = prefillTask(request);
      if (this.#isFull(task, 0)) return;
      if (!this.#isTaken(request) && !this.#takeIfItFits(task)) return;
    }
  }

  #takePreempted(): void {
    const { preempted } = this.#waiting;
    for (let request = preempted.head; request >= 0; request = preempted.next(request)) {
      const task = decodeTask(request);
      if (this.#isFull(task, 0)) return;
      if (!this.#isTaken(request)) this.#takeIfItFits(task);
    }
  }

  /** Running decodes are one token each, so how many of them stay is a matter of counting. */
  #keepRunning(batch: Batch): number {
    const { maxBatchSize, maxBatchTokens } = this.#limits;
    const roomTokens =
      this.joiningCount === 0 ? Math.max(1, maxBatchTokens) : Math.max(0, maxBatchTokens - this.batchTokens);
    const staying = Math.min(batch.size, maxBatchSize - this.joiningCount, roomTokens);
    this.batchTokens += staying;
    return staying;
  }

  #takeByArrival(staying: number): void {
    const { byArrival, prefills, queue } = this.#waiting;
    const decodesWaiting = queue.length - prefills.length;
    let decodesSeen = 0;
    let isBlocked = false;
    for (let request = byArrival.head; request >= 0; request = byArrival.next(request)) {
      if (this.joiningCount + staying >= this.#limits.maxBatchSize) return;
      // Behind a prefill that does not fit only decodes can go on.
      if (isBlocked && decodesSeen === decodesWaiting) return;
      const task = this.#waiting.firstTask(request);
      if (isDecode(task)) decodesSeen++;
      else if (isBlocked) continue;
      if (this.#isTaken(request)) continue;
      if (this.#isFull(task, staying)) return;
      if (this.#takeIfItFits(task)) continue;
      if (!this.#limits.decodesPass) return;
      isBlocked = true;
    }
  }

  #isTaken(request: number): boolean {
    const state = this.#tasks.state[this.#waiting.firstTask(request)];
    return state === TASK_STATE.starting || state === TASK_STATE.resuming;
  }

  /** Whether `task` exceeds the batch's limits. An empty batch takes any task: one prompt above the budget runs alone. */
  #isFull(task: number, staying: number): boolean {
    const size = this.joiningCount + staying;
    const { maxBatchSize, maxBatchTokens } = this.#limits;
    return size >= maxBatchSize || (size > 0 && this.batchTokens + this.#iterationTokens(task) > maxBatchTokens);
  }

  /** A preempted task still has its memory; any other needs room for its KV cache. */
  #takeIfItFits(task: number): boolean {
    const { bytes, state } = this.#tasks;
    if (state[task] === TASK_STATE.blocked) {
      state[task] = TASK_STATE.resuming;
    } else {
      if (this.#usedBytes + bytes[task] > this.#memory.capacityBytes) return false;
      this.#usedBytes += bytes[task];
      state[task] = TASK_STATE.starting;
    }
    this.joining[this.joiningCount++] = task;
    this.batchTokens += this.#iterationTokens(task);
    return true;
  }

  #iterationTokens(task: number): number {
    return isDecode(task) ? 1 : this.#requests.promptTokens[requestOf(task)];
  }
}
