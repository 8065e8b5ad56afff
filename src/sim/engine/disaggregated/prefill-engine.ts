/**
 * An instance that prefills: one prompt at a time, or several whole prompts up to a number of tokens, in the local order. A
 * KV cache stays until it has been sent, and while it does a prompt that does not fit waits.
 */
import type { Instance } from "../../cluster/instance.ts";
import { EVENT_RANK } from "../../kernel/event-ranks.ts";
import type { Kernel, TimerId } from "../../kernel/kernel.ts";
import type { BatchShape, IterationTimes } from "../../performance/performance-model.ts";
import type { LocalOrder } from "../../policy/local/local-order.ts";
import type { InstanceLogRow } from "../../recorder.ts";
import type { Track } from "../../timeline/timeline.ts";
import type { Requests } from "../../workload/requests.ts";
import { isDecode, requestOf, TASK_STATE, type TaskTable } from "../../workload/task-table.ts";
import type { Engine, EngineListener } from "../engine.ts";
import type { EventSamples } from "./event-samples.ts";
import { RequestList } from "./request-list.ts";
import { wrongPhase } from "./wrong-phase.ts";

export interface PrefillLimits {
  /** 0: one prompt at a time. */
  readonly batchTokens: number;
  readonly holdsMemory: boolean;
  readonly kvBytesPerToken: number;
  readonly countsShorterOnly: boolean;
}

export interface PrefillParts {
  readonly instance: Instance;
  /** Among the prefill instances. */
  readonly number: number;
  readonly kernel: Kernel;
  readonly requests: Requests;
  readonly tasks: TaskTable;
  readonly times: PromptTimes;
  readonly order: LocalOrder;
  readonly listener: EngineListener;
  readonly samples: EventSamples | undefined;
  readonly track: Track | undefined;
}

/** Times of prompts alone and together; those of one prompt are remembered by its length. */
export class PromptTimes {
  readonly #times: IterationTimes;
  readonly #known = new Map<number, number>();
  readonly #shape: BatchShape = {
    prefills: 0,
    promptTokens: 0,
    squaredPromptTokens: 0,
    promptContextProducts: 0,
    decodes: 0,
    contextTokens: 0,
  };

  constructor(times: IterationTimes) {
    this.#times = times;
  }

  one(tokens: number): number {
    let seconds = this.#known.get(tokens);
    if (seconds === undefined) {
      seconds = this.together(1, tokens, tokens * tokens);
      this.#known.set(tokens, seconds);
    }
    return seconds;
  }

  together(prefills: number, promptTokens: number, squaredPromptTokens: number): number {
    const shape = this.#shape;
    shape.prefills = prefills;
    shape.promptTokens = promptTokens;
    shape.squaredPromptTokens = squaredPromptTokens;
    return this.#times.stretchSeconds(shape, 1);
  }
}

export class PrefillEngine implements Engine {
  busySeconds = 0;
  iterations = 0;
  readonly log: InstanceLogRow[] = [];
  readonly #parts: PrefillParts;
  readonly #limits: PrefillLimits;
  readonly #waiting = new RequestList();
  readonly #timer: TimerId;
  #running: number[] = [];
  #endSeconds = 0;
  /** Seconds of the waiting prompts, one by one. */
  #waitingSeconds = 0;

  constructor(parts: PrefillParts, limits: PrefillLimits) {
    this.#parts = parts;
    this.#limits = limits;
    const complete = parts.kernel.on(() => this.#complete(), EVENT_RANK.prefillEnd);
    this.#timer = parts.kernel.timer(complete, parts.number);
  }

  get batchSize(): number {
    return this.#running.length;
  }

  get pendingTasks(): number {
    return this.#waiting.length;
  }

  get pendingRequests(): number {
    return this.#waiting.length + this.#running.length;
  }

  submit(task: number): void {
    const { requests, tasks, times, instance } = this.#parts;
    const request = requestOf(task);
    if (isDecode(task) || requests.outcomes.decodeInstance[request] === instance.index) {
      throw wrongPhase("decode", instance.label);
    }
    tasks.state[task] = TASK_STATE.queued;
    this.#waiting.push(request);
    this.#waitingSeconds += times.one(requests.promptTokens[request]);
    instance.requestsChanged();
    if (this.#running.length === 0) this.#start();
  }

  transferEnded(request: number): void {
    const { instance, requests } = this.#parts;
    if (!this.#limits.holdsMemory) return;
    instance.memory.release(this.#limits.kvBytesPerToken * requests.promptTokens[request]);
    if (this.#running.length === 0 && this.#waiting.length > 0) this.#start();
  }

  /** Seconds until a prompt that joined now would start if all that waits went before it. */
  backlogSeconds(request: number): number {
    const { kernel, requests, times } = this.#parts;
    const running = this.#running.length > 0 ? this.#endSeconds - kernel.now : 0;
    if (!this.#limits.countsShorterOnly) return running + this.#waitingSeconds;
    const { promptTokens } = requests;
    let seconds = 0;
    for (let index = 0; index < this.#waiting.length; index++) {
      const tokens = promptTokens[this.#waiting.at(index)];
      if (tokens < promptTokens[request]) seconds += times.one(tokens);
    }
    return running + seconds;
  }

  /** Nothing runs although prompts wait: their memory is held by KV caches that nobody takes. */
  stall(): string | undefined {
    if (this.#running.length > 0 || this.#waiting.length === 0) return undefined;
    return `Instance ${this.#parts.instance.label} has ${this.#waiting.length} prompts waiting for memory that KV caches hold which are never sent.`;
  }

  #start(): void {
    const { instance, kernel, requests, times, order, listener, track } = this.#parts;
    const { batchTokens, holdsMemory, kvBytesPerToken } = this.#limits;
    let tokens = 0;
    let squares = 0;
    const running: number[] = [];
    while (this.#waiting.length > 0) {
      const index = this.#waiting.length === 1 ? 0 : order.next(this.#waiting, kernel.now);
      const request = this.#waiting.at(index);
      const prompt = requests.promptTokens[request];
      if (running.length > 0 && tokens + prompt > batchTokens) break;
      const bytes = kvBytesPerToken * prompt;
      if (holdsMemory && !instance.memory.fits(bytes)) break;
      if (holdsMemory) instance.memory.allocate(bytes);
      this.#waiting.take(index);
      this.#waitingSeconds = this.#waiting.length === 0 ? 0 : this.#waitingSeconds - times.one(prompt);
      requests.outcomes.prefillStartSeconds[request] = kernel.now;
      tokens += prompt;
      squares += prompt * prompt;
      running.push(request);
      if (batchTokens === 0) break;
    }
    this.#running = running;
    if (running.length === 0) {
      if (this.#waiting.length === 0) listener.instanceIdle(instance.index);
      return;
    }
    const seconds = running.length === 1 ? times.one(tokens) : times.together(running.length, tokens, squares);
    this.iterations++;
    this.busySeconds += seconds;
    this.#endSeconds = kernel.now + seconds;
    track?.beginBatch(kernel.now, { prefills: running.length, promptTokens: tokens, decodes: 0 });
    kernel.arm(this.#timer, this.#endSeconds);
  }

  #complete(): void {
    const { instance, kernel, requests, listener, samples, number, track } = this.#parts;
    track?.end(kernel.now, 1);
    const finished = this.#running;
    this.#running = [];
    for (const request of finished) {
      instance.pendingTokens -= requests.promptTokens[request];
      requests.outcomes.prefillEndSeconds[request] = kernel.now;
    }
    instance.requestsChanged();
    for (const request of finished) listener.prefillDone(request);
    if (this.#waiting.length > 0) samples?.queue(kernel.now, number, this.#waiting);
    // A prompt that was waiting for memory may have started when a KV cache left.
    if (this.#running.length === 0) this.#start();
  }
}
