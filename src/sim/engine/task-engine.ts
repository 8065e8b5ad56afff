/** SplitwiseSim's DEFAULT instance: one task at a time, whole tasks, first come, first served. */
import type { Instance } from "../cluster/instance.ts";
import type { Kernel, TimerId } from "../kernel/kernel.ts";
import type { TaskTimes } from "../performance/performance-model.ts";
import type { InstanceLogRow } from "../recorder.ts";
import type { Requests } from "../workload/requests.ts";
import { isDecode, requestOf, TASK_STATE, type TaskTable } from "../workload/task-table.ts";
import type { Engine, EngineListener } from "./engine.ts";
import { PendingQueue } from "./pending-queue.ts";
import type { WaitingLinks } from "./waiting-tasks.ts";

export interface TaskEngineParts {
  readonly instance: Instance;
  readonly kernel: Kernel;
  readonly requests: Requests;
  readonly tasks: TaskTable;
  readonly links: WaitingLinks;
  readonly times: TaskTimes;
  readonly listener: EngineListener;
}

export class TaskEngine implements Engine {
  busySeconds = 0;
  iterations = 0;
  readonly log: InstanceLogRow[] = [];
  readonly #parts: TaskEngineParts;
  readonly #queue: PendingQueue;
  readonly #timer: TimerId;
  #running = -1;
  #startedSeconds = 0;

  constructor(parts: TaskEngineParts) {
    this.#parts = parts;
    this.#queue = new PendingQueue(parts.links.queueBlock);
    this.#timer = parts.kernel.timer(
      parts.kernel.on(() => this.#complete()),
      0,
    );
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
    if (this.#queue.length === 1 && this.#running < 0) this.#startNext();
  }

  transferEnded(): void {}

  stall(): string | undefined {
    return undefined;
  }

  #startNext(): void {
    const { instance, kernel, requests, tasks, times, listener } = this.#parts;
    if (this.#queue.length === 0) {
      listener.instanceIdle(instance.index);
      return;
    }
    const task = this.#queue.at(0);
    const request = requestOf(task);
    this.#queue.remove(task);
    instance.requestsChanged();
    tasks.state[task] = TASK_STATE.running;
    this.#running = task;
    this.#startedSeconds = kernel.now;
    instance.hold(request, tasks.bytes[task]);
    if (isDecode(task)) requests.outcomes.decodeStartSeconds[request] = kernel.now;
    else requests.outcomes.prefillStartSeconds[request] = kernel.now;
    const seconds = isDecode(task)
      ? times.decodeSeconds(requests.outputTokens[request] - 1)
      : times.prefillSeconds(requests.promptTokens[request]);
    kernel.arm(this.#timer, kernel.now + seconds);
  }

  #complete(): void {
    const { instance, kernel, requests, tasks, listener } = this.#parts;
    const task = this.#running;
    const request = requestOf(task);
    this.#running = -1;
    this.busySeconds += kernel.now - this.#startedSeconds;
    tasks.state[task] = TASK_STATE.done;
    if (isDecode(task)) {
      instance.pendingTokens -= 1;
      requests.outcomes.decodeEndSeconds[request] = kernel.now;
      instance.release(request);
      listener.decodeDone(request);
    } else {
      instance.pendingTokens -= requests.promptTokens[request];
      requests.outcomes.prefillEndSeconds[request] = kernel.now;
      listener.prefillDone(request);
    }
    if (this.#running < 0) this.#startNext();
  }
}
