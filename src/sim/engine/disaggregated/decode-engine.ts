/**
 * An instance that decodes: continuous batching of requests whose KV caches grow by a token per iteration. Between two
 * events the batch is unchanged: all iterations up to the next finish, eviction or arrival are added up without an event
 * each, in the order in which single steps would add them, so that times are the same doubles.
 */
import { SimulationError } from "../../../errors.ts";
import type { Instance } from "../../cluster/instance.ts";
import { EVENT_RANK } from "../../kernel/event-ranks.ts";
import type { Kernel, TimerId } from "../../kernel/kernel.ts";
import type { BatchShape, IterationTimes } from "../../performance/performance-model.ts";
import type { LocalOrder } from "../../policy/local/local-order.ts";
import type { InstanceLogRow } from "../../recorder.ts";
import type { Track } from "../../timeline/timeline.ts";
import type { Requests } from "../../workload/requests.ts";
import { decodeTask, isDecode, requestOf, TASK_STATE, type TaskTable } from "../../workload/task-table.ts";
import { Batch } from "../batch.ts";
import type { Engine, EngineListener } from "../engine.ts";
import type { GapCounter } from "../gap-counter.ts";
import type { EventSamples } from "./event-samples.ts";
import type { KvRoom } from "./kv-room.ts";
import { RequestList } from "./request-list.ts";
import type { ReturnCosts } from "./return-costs.ts";
import type { Victims } from "./victims.ts";
import { wrongPhase } from "./wrong-phase.ts";

export interface DecodeLimits {
  /** A request joins if it fits; else whenever anything is free. */
  readonly reserves: boolean;
  readonly stepsSingly: boolean;
  /** Lengths and start of an evicted request are reported as those of what is left of it. */
  readonly rewritesLengths: boolean;
  /** Iterations that a request needs less than it has output tokens. */
  readonly tokensBefore: 0 | 1;
}

export interface DecodeParts {
  readonly instance: Instance;
  /** Among the decode instances. */
  readonly number: number;
  readonly kernel: Kernel;
  readonly requests: Requests;
  readonly tasks: TaskTable;
  readonly times: IterationTimes;
  readonly order: LocalOrder;
  readonly room: KvRoom;
  readonly victims: Victims;
  readonly returnCosts: ReturnCosts;
  readonly gaps: GapCounter;
  readonly listener: EngineListener;
  readonly samples: EventSamples | undefined;
  readonly track: Track | undefined;
  readonly debug: boolean;
}

export class DecodeEngine implements Engine {
  busySeconds = 0;
  readonly log: InstanceLogRow[] = [];
  readonly #parts: DecodeParts;
  readonly #limits: DecodeLimits;
  readonly #batch: Batch;
  readonly #waiting = new RequestList();
  readonly #timer: TimerId;
  readonly #shape: BatchShape = {
    prefills: 0,
    promptTokens: 0,
    squaredPromptTokens: 0,
    promptContextProducts: 0,
    decodes: 0,
    contextTokens: 0,
  };
  #startSeconds = 0;
  #iterations = 0;
  #isCut = false;
  /** Seconds of the first iteration beside its decodes: what evicted requests cost that have come back. */
  #returnSeconds = 0;
  /** Bytes of KV caches that the instance's memory shows. */
  #shownBytes = 0;

  constructor(parts: DecodeParts, limits: DecodeLimits) {
    this.#parts = parts;
    this.#limits = limits;
    this.#batch = new Batch(parts.requests);
    const step = parts.kernel.on(() => this.#complete(), EVENT_RANK.decodeStep);
    this.#timer = parts.kernel.timer(step, parts.number);
  }

  get batchSize(): number {
    return this.#batch.size;
  }

  get pendingTasks(): number {
    return this.#waiting.length;
  }

  get pendingRequests(): number {
    return this.#batch.size + this.#waiting.length;
  }

  get iterations(): number {
    return this.#batch.iterations;
  }

  /** The KV cache of the request is here. */
  submit(task: number): void {
    const { requests, tasks, instance, kernel } = this.#parts;
    const request = requestOf(task);
    if (!isDecode(task)) throw wrongPhase("prefill", instance.label);
    tasks.state[task] = TASK_STATE.queued;
    tasks.remainingTokens[request] = requests.outputTokens[request] - this.#limits.tokensBefore;
    if (this.#batch.size === 0 && this.#waiting.length === 0) {
      this.#join(request);
      instance.requestsChanged();
      this.#run();
      return;
    }
    this.#waiting.push(request);
    instance.requestsChanged();
    if (!this.#isCut && this.#iterations > 1 && this.#mayAdmit(request)) this.#cut(kernel.now);
  }

  transferEnded(): void {}

  stall(): undefined {
    return undefined;
  }

  /** Tokens of a request's KV cache, the one that the next iteration makes included if the prefill made the first. */
  tokens(request: number): number {
    const { requests, tasks } = this.#parts;
    return requests.promptTokens[request] + requests.outputTokens[request] - tasks.remainingTokens[request];
  }

  #mayAdmit(request: number): boolean {
    // Others wait because nothing was free at the last boundary; what is free at the next one is not known here.
    if (!this.#limits.reserves || this.#waiting.length > 1) return true;
    return this.#parts.room.fits(this.#usedTokens(0), this.tokens(request));
  }

  #join(request: number): void {
    const { requests, tasks, kernel, gaps } = this.#parts;
    const { decodeStartSeconds, prefillEndSeconds } = requests.outcomes;
    const task = decodeTask(request);
    if (this.#limits.rewritesLengths || Number.isNaN(decodeStartSeconds[request])) {
      decodeStartSeconds[request] = kernel.now;
    }
    if (tasks.state[task] === TASK_STATE.queued) gaps.join(kernel.now - prefillEndSeconds[request]);
    else this.#returnSeconds += this.#parts.returnCosts.seconds(this.tokens(request));
    tasks.state[task] = TASK_STATE.running;
    this.#batch.add(task, tasks.remainingTokens[request]);
  }

  /** Tokens of all KV caches after so many more iterations, in whole blocks. */
  #usedTokens(iterations: number): number {
    return this.#parts.room.usedTokens(this.#batch, iterations);
  }

  /** Runs the batch until it changes. */
  #run(): void {
    const batch = this.#batch;
    const toFinish = batch.iterationsToNextFinish();
    this.#startSeconds = this.#parts.kernel.now;
    const { room, order } = this.#parts;
    const stepsSingly = this.#limits.stepsSingly || (order.changesWithTime === true && this.#waiting.length > 0);
    this.#iterations = stepsSingly ? 1 : room.iterationsWithin(batch, toFinish);
    this.#isCut = false;
    this.#showMemory();
    this.#parts.track?.beginBatch(this.#startSeconds, batch);
    this.#parts.kernel.arm(this.#timer, this.#endOf(this.#iterations));
  }

  /** Ends the stretch at the first boundary after `now`. */
  #cut(now: number): void {
    this.#isCut = true;
    const { times } = this.#parts;
    const shape = this.#firstShape();
    let end = this.#startSeconds + this.#returnSeconds;
    let iterations = 0;
    while (iterations < this.#iterations) {
      end += times.stretchSeconds(shape, 1);
      shape.contextTokens += shape.decodes;
      iterations++;
      if (end > now) break;
    }
    if (iterations === this.#iterations) return;
    this.#iterations = iterations;
    this.#parts.kernel.arm(this.#timer, end);
  }

  #firstShape(): BatchShape {
    const shape = this.#shape;
    shape.decodes = this.#batch.size;
    shape.contextTokens = this.#batch.contextTokens;
    return shape;
  }

  /** When `iterations` of the batch have ended, each added to the end of the one before. */
  #endOf(iterations: number): number {
    const { times } = this.#parts;
    const shape = this.#firstShape();
    let end = this.#startSeconds + this.#returnSeconds;
    for (let i = 0; i < iterations; i++) {
      end += times.stretchSeconds(shape, 1);
      shape.contextTokens += shape.decodes;
    }
    return end;
  }

  #complete(): void {
    const { kernel, instance, room, samples, number, gaps, track } = this.#parts;
    const batch = this.#batch;
    const seconds = kernel.now - this.#startSeconds;
    this.busySeconds += seconds;
    gaps.stretch(batch.size, this.#iterations, seconds, 0);
    track?.end(kernel.now, this.#iterations);
    if (this.#parts.debug) this.log.push(this.#logRow());
    batch.iterations += this.#iterations;
    this.#returnSeconds = 0;
    if (batch.someFinished()) this.#finish();
    samples?.memory(kernel.now, number, room.share(this.#usedTokens(0)));
    this.#evict();
    this.#admit();
    instance.requestsChanged();
    if (batch.size > 0) this.#run();
    else {
      this.#showMemory();
      this.#parts.listener.instanceIdle(instance.index);
    }
  }

  #finish(): void {
    const { requests, tasks, instance, kernel, listener } = this.#parts;
    const count = this.#batch.removeFinished();
    const { finished } = this.#batch;
    for (let index = 0; index < count; index++) {
      const request = requestOf(finished[index]);
      tasks.state[finished[index]] = TASK_STATE.done;
      tasks.remainingTokens[request] = 0;
      instance.pendingTokens -= 1;
      requests.outcomes.decodeEndSeconds[request] = kernel.now;
    }
    for (let index = 0; index < count; index++) listener.decodeDone(requestOf(finished[index]));
  }

  #evict(): void {
    const { room, victims } = this.#parts;
    const batch = this.#batch;
    while (room.isOver(this.#usedTokens(0))) {
      if (victims.takeAll || batch.size === 1) {
        for (let index = 0; index < batch.size; index++) this.#leave(batch.tasks[index], batch.finishAt[index]);
        batch.truncate(0);
        return;
      }
      const index = victims.next(batch);
      this.#leave(batch.tasks[index], batch.finishAt[index]);
      batch.removeAt(index);
    }
  }

  #leave(task: number, finishAt: number): void {
    const { requests, tasks } = this.#parts;
    const request = requestOf(task);
    tasks.state[task] = TASK_STATE.blocked;
    tasks.remainingTokens[request] = finishAt - this.#batch.iterations;
    requests.preempted(request, this.#limits.rewritesLengths ? tasks.remainingTokens[request] : undefined);
    this.#waiting.push(request);
  }

  #admit(): void {
    const { order, room, kernel } = this.#parts;
    const { reserves } = this.#limits;
    while (this.#waiting.length > 0) {
      const used = this.#usedTokens(0);
      if (!reserves && !room.hasAny(used)) return;
      const index = this.#waiting.length === 1 ? 0 : order.next(this.#waiting, kernel.now);
      const request = this.#waiting.at(index);
      // A request alone always runs: requests larger than the memory are refused before the run, or run all the same.
      if (reserves && this.#batch.size > 0 && !room.fits(used, this.tokens(request))) return;
      this.#waiting.take(index);
      this.#join(request);
    }
  }

  #showMemory(): void {
    const { instance, room } = this.#parts;
    const bytes = this.#batch.size === 0 ? 0 : room.bytes(this.#usedTokens(0));
    if (bytes > this.#shownBytes) instance.memory.allocate(bytes - this.#shownBytes);
    else if (bytes < this.#shownBytes) instance.memory.release(this.#shownBytes - bytes);
    this.#shownBytes = bytes;
  }

  #logRow(): InstanceLogRow {
    const batch = this.#batch;
    const { kernel, requests, instance, times } = this.#parts;
    let padded = 0;
    for (let index = 0; index < batch.size; index++) {
      const request = requestOf(batch.tasks[index]);
      const left = batch.finishAt[index] - batch.iterations;
      padded = Math.max(padded, requests.promptTokens[request] + requests.outputTokens[request] - left);
    }
    if (padded === 0) throw new SimulationError("A batch without requests ran.", kernel.now);
    return {
      iterationStartSeconds: this.#startSeconds,
      iterationEndSeconds: kernel.now,
      batchSize: batch.size,
      prefillsInBatch: 0,
      memoryBytes: instance.memory.usedBytes,
      pendingRequests: this.pendingRequests,
      pendingTasks: this.#waiting.length,
      blockedTasks: 0,
      pendingPrefills: 0,
      earliestRequestId: Number.NaN,
      memoryAllocations: this.pendingRequests,
      contiguousIterations: this.#iterations,
      batchTokens: batch.size,
      pendingTokens: this.#waiting.length,
      longestContextTokens: padded,
      firstIterationSeconds: times.stretchSeconds(this.#firstShape(), 1),
    };
  }
}
