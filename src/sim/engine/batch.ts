/** The running batch of one instance: its tasks in order, and when each will be finished. */
import type { BatchShape } from "../performance/performance-model.ts";
import type { Requests } from "../workload/requests.ts";
import { isDecode, requestOf } from "../workload/task-table.ts";

/** V8 keeps arrays of up to 64 bytes in its own heap, where making them is cheap. */
const FEWEST_TASKS = 8;

/**
 * Nobody touches a task per token: the batch counts the iterations it has run (`iterations`), and a task joins with the
 * count at which it will be finished. Finding who is finished is one comparison for most stretches.
 */
export class Batch implements BatchShape {
  size = 0;
  prefills = 0;
  promptTokens = 0;
  squaredPromptTokens = 0;
  /** Prompts are computed whole. */
  readonly promptContextProducts = 0;
  decodes = 0;
  /** Iterations run since the instance exists. */
  iterations = 0;
  tasks = new Int32Array(FEWEST_TASKS);
  /** Per task, the value of `iterations` at which it is finished. */
  finishAt = new Float64Array(FEWEST_TASKS);
  /** What `removeFinished` removed last. */
  finished = new Int32Array(FEWEST_TASKS);
  /** Sum over the decodes of their context at iteration 0 of this batch, had they been there. */
  #contextOrigin = 0;
  /** No task is finished before `iterations` reaches this; exact unless a preemption removed the earliest. */
  #earliestFinish = Number.POSITIVE_INFINITY;
  #earliestIsExact = true;
  readonly #requests: Requests;

  constructor(requests: Requests) {
    this.#requests = requests;
  }

  get contextTokens(): number {
    return this.#contextOrigin + this.decodes * this.iterations;
  }

  /** Appends a task that will be finished after `iterations` more iterations. */
  add(task: number, iterations: number): void {
    if (this.size === this.tasks.length) this.#grow();
    const finishAt = this.iterations + iterations;
    this.tasks[this.size] = task;
    this.finishAt[this.size] = finishAt;
    this.size++;
    if (finishAt < this.#earliestFinish) this.#earliestFinish = finishAt;
    if (isDecode(task)) {
      this.decodes++;
      this.#contextOrigin += this.#originOf(task, finishAt);
    } else {
      const promptTokens = this.#requests.promptTokens[requestOf(task)];
      this.prefills++;
      this.promptTokens += promptTokens;
      this.squaredPromptTokens += promptTokens * promptTokens;
    }
  }

  /** Tokens that the decode at `index` attends to in the next iteration. */
  contextOf(index: number): number {
    return this.#originOf(this.tasks[index], this.finishAt[index]) + this.iterations;
  }

  /** Removes the decode at `index`; the others keep their order. */
  removeAt(index: number): void {
    this.#contextOrigin -= this.#originOf(this.tasks[index], this.finishAt[index]);
    this.tasks.copyWithin(index, index + 1, this.size);
    this.finishAt.copyWithin(index, index + 1, this.size);
    this.size--;
    this.decodes--;
    this.#earliestIsExact = false;
  }

  /** Drops the tasks from index `size` on, all of them decodes. */
  truncate(size: number): void {
    this.decodes -= this.size - size;
    for (let index = size; index < this.size; index++) {
      this.#contextOrigin -= this.#originOf(this.tasks[index], this.finishAt[index]);
    }
    this.size = size;
    this.#earliestIsExact = false;
  }

  /** Iterations until the batch changes by itself: one with a prefill, else until the first decode is finished. */
  iterationsToNextFinish(): number {
    if (this.prefills > 0) return 1;
    if (!this.#earliestIsExact) this.#findEarliest();
    return this.#earliestFinish - this.iterations;
  }

  someFinished(): boolean {
    return this.prefills > 0 || this.iterations >= this.#earliestFinish;
  }

  /** Moves the finished tasks, in batch order, to `finished` and returns how many there are. */
  removeFinished(): number {
    const { tasks, finishAt, finished } = this;
    let kept = 0;
    let removed = 0;
    let decodesKept = 0;
    let earliest = Number.POSITIVE_INFINITY;
    for (let index = 0; index < this.size; index++) {
      const at = finishAt[index];
      if (at <= this.iterations) {
        const task = tasks[index];
        if (isDecode(task)) this.#contextOrigin -= this.#originOf(task, at);
        finished[removed++] = task;
      } else {
        decodesKept++;
        tasks[kept] = tasks[index];
        finishAt[kept++] = at;
        if (at < earliest) earliest = at;
      }
    }
    this.size = kept;
    // Prefills last one iteration, so only decodes are left.
    this.prefills = 0;
    this.promptTokens = 0;
    this.squaredPromptTokens = 0;
    this.decodes = decodesKept;
    this.#earliestFinish = earliest;
    this.#earliestIsExact = true;
    return removed;
  }

  /** With `r` tokens left to yield, a decode attends to its prompt and all but `r` of its output tokens. */
  #originOf(task: number, finishAt: number): number {
    const request = requestOf(task);
    return this.#requests.promptTokens[request] + this.#requests.outputTokens[request] - finishAt;
  }

  #findEarliest(): void {
    let earliest = Number.POSITIVE_INFINITY;
    for (let index = 0; index < this.size; index++) {
      if (this.finishAt[index] < earliest) earliest = this.finishAt[index];
    }
    this.#earliestFinish = earliest;
    this.#earliestIsExact = true;
  }

  #grow(): void {
    const tasks = new Int32Array(2 * this.tasks.length);
    tasks.set(this.tasks);
    this.tasks = tasks;
    const finishAt = new Float64Array(2 * this.finishAt.length);
    finishAt.set(this.finishAt);
    this.finishAt = finishAt;
    this.finished = new Int32Array(tasks.length);
  }
}
