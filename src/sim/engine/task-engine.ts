/**
 * SplitwiseSim's DEFAULT instance: one task at a time, whole tasks, first come, first served. A prefill that is admitted
 * with the memory of its whole request waits until that is free, and decodes pass it, as only they free memory; tasks
 * admitted one by one never ask (SplitwiseSim), and memory may exceed its capacity.
 */
import type { InstanceOverheads } from "../allocator/allocator.ts";
import type { Instance } from "../cluster/instance.ts";
import type { Admission } from "../executor/admission.ts";
import type { Kernel, TimerId } from "../kernel/kernel.ts";
import type { TaskTimes } from "../performance/performance-model.ts";
import type { InstanceLogRow } from "../recorder.ts";
import type { Track } from "../timeline/timeline.ts";
import type { TokenGaps } from "../token-gaps.ts";
import type { Requests } from "../workload/requests.ts";
import { isDecode, requestOf, TASK_STATE, type TaskTable } from "../workload/task-table.ts";
import type { Engine, EngineListener } from "./engine.ts";
import { GapCounter } from "./gap-counter.ts";
import { PendingQueue } from "./pending-queue.ts";
import { stuckSentence } from "./stuck.ts";
import type { WaitingLinks } from "./waiting-tasks.ts";

export interface TaskEngineParts {
  readonly instance: Instance;
  readonly kernel: Kernel;
  readonly requests: Requests;
  readonly tasks: TaskTable;
  readonly links: WaitingLinks;
  readonly times: TaskTimes;
  readonly tokenGaps: TokenGaps;
  readonly overheads: InstanceOverheads;
  readonly admission: Admission;
  readonly listener: EngineListener;
  readonly track: Track | undefined;
}

export class TaskEngine implements Engine {
  busySeconds = 0;
  iterations = 0;
  readonly log: InstanceLogRow[] = [];
  readonly #parts: TaskEngineParts;
  readonly #queue: PendingQueue;
  readonly #gaps: GapCounter;
  readonly #timer: TimerId;
  /** Waiting decodes in the order of their arrival, and some that have started. */
  #decodes: number[] = [];
  #running = -1;
  /** Nothing that waits fits into the memory. */
  #isBlocked = false;
  #startedSeconds = 0;

  constructor(parts: TaskEngineParts) {
    this.#parts = parts;
    this.#gaps = new GapCounter(parts.tokenGaps);
    this.#queue = new PendingQueue(parts.links.queueBlock);
    this.#timer = parts.kernel.timer(
      parts.kernel.on(() => this.#complete()),
      0,
    );
  }

  get batchSize(): number {
    return this.#running < 0 ? 0 : 1;
  }

  get pendingTasks(): number {
    return this.#queue.length;
  }

  /** What a JSQ scheduler sees of this instance: its queue. */
  get pendingRequests(): number {
    return this.#queue.length;
  }

  submit(task: number): void {
    this.#parts.tasks.state[task] = TASK_STATE.queued;
    this.#queue.append(task);
    this.#parts.instance.requestsChanged();
    if (isDecode(task)) this.#decodes.push(task);
    if (this.#running < 0 && (this.#isBlocked || this.#queue.length === 1)) this.#startNext();
  }

  transferEnded(): void {
    if (this.#isBlocked) this.#startNext();
  }

  stall(): string | undefined {
    if (!this.#isBlocked) return undefined;
    const { instance, requests, tasks } = this.#parts;
    return stuckSentence({ instance, requests, tasks, unfinished: this.#queue.length, task: this.#queue.at(0) });
  }

  /** The first task that may start; undefined if none does. Amortised O(1). */
  #next(): number | undefined {
    const { instance, tasks, admission } = this.#parts;
    const first = this.#queue.at(0);
    if (admission === "task" || instance.memory.fits(tasks.bytes[first])) return first;
    while (this.#decodes.length > 0 && tasks.state[this.#decodes[0]] !== TASK_STATE.queued) this.#decodes.shift();
    return this.#decodes[0];
  }

  #startNext(): void {
    const { instance, kernel, requests, tasks, times, overheads, listener, track } = this.#parts;
    if (this.#queue.length === 0) {
      listener.instanceIdle(instance.index);
      return;
    }
    const task = this.#next();
    this.#isBlocked = task === undefined;
    if (task === undefined) return;
    const request = requestOf(task);
    this.#queue.remove(task);
    instance.requestsChanged();
    tasks.state[task] = TASK_STATE.running;
    this.#running = task;
    this.#startedSeconds = kernel.now;
    instance.hold(request, tasks.bytes[task]);
    track?.beginBatch(kernel.now, {
      prefills: isDecode(task) ? 0 : 1,
      promptTokens: isDecode(task) ? 0 : requests.promptTokens[request],
      decodes: isDecode(task) ? 1 : 0,
    });
    if (isDecode(task)) requests.outcomes.decodeStartSeconds[request] = kernel.now;
    else requests.outcomes.prefillStartSeconds[request] = kernel.now;
    const seconds = isDecode(task)
      ? times.decodeSeconds(requests.outputTokens[request] - 1)
      : times.prefillSeconds(requests.promptTokens[request]);
    kernel.arm(this.#timer, kernel.now + (overheads.runSeconds + seconds));
  }

  #complete(): void {
    const { instance, kernel, requests, tasks, listener, track } = this.#parts;
    const task = this.#running;
    const request = requestOf(task);
    this.#running = -1;
    track?.end(kernel.now, isDecode(task) ? requests.outputTokens[request] - 1 : 1);
    this.busySeconds += kernel.now - this.#startedSeconds;
    tasks.state[task] = TASK_STATE.done;
    if (isDecode(task)) {
      instance.pendingTokens -= 1;
      requests.outcomes.decodeEndSeconds[request] = kernel.now;
      this.#countGaps(request);
      instance.release(request);
      listener.decodeDone(request);
    } else {
      instance.pendingTokens -= requests.promptTokens[request];
      requests.outcomes.prefillEndSeconds[request] = kernel.now;
      listener.prefillDone(request);
    }
    if (this.#running < 0) this.#startNext();
  }

  #countGaps(request: number): void {
    const { kernel, requests, overheads } = this.#parts;
    const iterations = requests.outputTokens[request] - 1;
    if (iterations === 0) return;
    const { runSeconds } = overheads;
    this.#gaps.join(this.#startedSeconds - requests.outcomes.prefillEndSeconds[request]);
    this.#gaps.stretch(1, iterations, kernel.now - this.#startedSeconds - runSeconds, runSeconds);
  }
}
