/**
 * Continuous batching, iteration by iteration, under a local policy. The batch is frozen until its first task is
 * finished, so one event covers a whole stretch of iterations; an arrival may cut the stretch at the next boundary.
 */
import type { InstanceOverheads } from "../allocator/allocator.ts";
import type { Instance } from "../cluster/instance.ts";
import type { Kernel, TimerId } from "../kernel/kernel.ts";
import type { IterationTimes } from "../performance/performance-model.ts";
import type { InstanceLogRow } from "../recorder.ts";
import type { Track } from "../timeline/timeline.ts";
import type { TokenGaps } from "../token-gaps.ts";
import type { Requests } from "../workload/requests.ts";
import { decodeTask, isDecode, prefillTask, requestOf, TASK_STATE, type TaskTable } from "../workload/task-table.ts";
import { Batch } from "./batch.ts";
import type { Engine, EngineListener } from "./engine.ts";
import { GapCounter } from "./gap-counter.ts";
import { instanceLogRow } from "./instance-log.ts";
import type { LocalPolicy } from "./local-policy.ts";
import type { ProcessorTurns, TurnTaker } from "./processor-turns.ts";
import { stuckSentence } from "./stuck.ts";
import { Turn } from "./turn.ts";
import type { WaitingTasks } from "./waiting-tasks.ts";

export interface IterationEngineParts {
  readonly instance: Instance;
  readonly kernel: Kernel;
  readonly requests: Requests;
  readonly tasks: TaskTable;
  readonly waiting: WaitingTasks;
  readonly policy: LocalPolicy;
  readonly times: IterationTimes;
  readonly tokenGaps: TokenGaps;
  readonly overheads: InstanceOverheads;
  readonly listener: EngineListener;
  readonly track: Track | undefined;
  readonly debug: boolean;
  readonly turns?: ProcessorTurns | undefined;
}

export class IterationEngine implements Engine {
  pendingRequests = 0;
  busySeconds = 0;
  readonly log: InstanceLogRow[] = [];
  readonly #batch: Batch;
  readonly #instance: Instance;
  readonly #kernel: Kernel;
  readonly #requests: Requests;
  readonly #tasks: TaskTable;
  readonly #waiting: WaitingTasks;
  readonly #policy: LocalPolicy;
  readonly #times: IterationTimes;
  readonly #overheads: InstanceOverheads;
  readonly #listener: EngineListener;
  readonly #track: Track | undefined;
  readonly #debug: boolean;
  readonly #turn: Turn | undefined;
  readonly turnTaker: TurnTaker = {
    yieldTurn: () => {
      if (this.#batch.size > 0 && !this.#isCompleting) this.#cut();
    },
    resume: () => {
      const isRunning = this.#batch.size > 0 && this.#turn?.isPaused !== true;
      if (!isRunning && !this.#isCompleting && this.#turn?.isClaiming !== true) this.#start();
    },
    unfinishedContext: () => this.#unfinishedContext(),
  };
  readonly #timer: TimerId;
  readonly #gaps: GapCounter;
  /** End, length in seconds and number of iterations of the running stretch. */
  #stretchEndSeconds = 0;
  #stretchSeconds = 0;
  #stretchIterations = 0;
  /** Seconds of overhead before it. */
  #stretchDelaySeconds = 0;
  /** Its first iteration did not begin at once. */
  #isDelayed = false;
  #busySinceSeconds = 0;
  #isCut = false;
  #isCompleting = false;

  constructor(parts: IterationEngineParts) {
    this.#instance = parts.instance;
    this.#kernel = parts.kernel;
    this.#requests = parts.requests;
    this.#tasks = parts.tasks;
    this.#waiting = parts.waiting;
    this.#policy = parts.policy;
    this.#times = parts.times;
    this.#overheads = parts.overheads;
    this.#listener = parts.listener;
    this.#track = parts.track;
    this.#debug = parts.debug;
    this.#turn = parts.turns && new Turn(parts.turns, parts.instance, parts.kernel);
    this.#batch = new Batch(parts.requests);
    this.#gaps = new GapCounter(parts.tokenGaps);
    this.#timer = parts.kernel.timer(
      parts.kernel.on(() => this.#complete()),
      0,
    );
  }

  get batchSize(): number {
    return this.#batch.size;
  }

  get pendingTasks(): number {
    return this.#waiting.queue.length;
  }

  get iterations(): number {
    return this.#batch.iterations;
  }

  get batchTokens(): number {
    return this.#batch.promptTokens + this.#batch.decodes;
  }

  submit(task: number): void {
    const request = requestOf(task);
    const prefillState = this.#tasks.state[prefillTask(request)];
    const isChained = isDecode(task) && (prefillState === TASK_STATE.queued || prefillState === TASK_STATE.running);
    if (!isChained) {
      this.pendingRequests++;
      this.#instance.requestsChanged();
      // A decode keeps its prefill's rank: behind an equal arrival that does not fit, it would hold its memory for ever.
      const prefilledHere = isDecode(task) && this.#requests.outcomes.prefillInstance[request] === this.#instance.index;
      if (!prefilledHere) this.#waiting.join(request);
    }
    if (isDecode(task)) this.#tasks.remainingTokens[request] = this.#requests.outputTokens[request] - 1;
    this.#waiting.arrive(task, !isChained);
    this.#policy.enqueue(task);
    if (this.#isCompleting) return;
    if (this.#batch.size === 0) {
      if (this.#instance.memory.fits(this.#tasks.bytes[task])) this.#start();
    } else if (this.#policy.interrupts(this.#batch, task)) this.#cut();
  }

  transferEnded(): void {
    const { queue } = this.#waiting;
    if (queue.length === 0 || this.#isCompleting) return;
    if (this.#batch.size === 0) {
      if (this.#instance.memory.fits(this.#tasks.bytes[queue.at(0)])) this.#start();
    } else if (this.#policy.hasRoom(this.#batch)) this.#cut();
  }

  stall(): string | undefined {
    if (this.pendingRequests === 0 || this.#batch.size > 0) return undefined;
    return stuckSentence({
      instance: this.#instance,
      requests: this.#requests,
      tasks: this.#tasks,
      unfinished: this.pendingRequests,
      task: this.#waiting.firstTask(this.#waiting.byArrival.head),
    });
  }

  #unfinishedContext(): { requests: number; tokens: number } {
    const { byArrival } = this.#waiting;
    let requests = this.#batch.size;
    let tokens = this.#batch.contextTokens;
    for (let request = byArrival.head; request >= 0; request = byArrival.next(request)) {
      if (!isDecode(this.#waiting.firstTask(request))) continue;
      requests++;
      const { promptTokens, outputTokens } = this.#requests;
      tokens += promptTokens[request] + outputTokens[request] - this.#tasks.remainingTokens[request];
    }
    // The last token of each is part of its KV cache after the next iteration only.
    return { requests, tokens: tokens - requests };
  }

  /** Forms the next batch and runs it until it changes. */
  #start(): void {
    const batch = this.#batch;
    const turn = this.#turn;
    let mostIterations = Number.POSITIVE_INFINITY;
    let pausedSeconds = 0;
    if (turn !== undefined) {
      if (this.pendingRequests > 0) mostIterations = turn.claim(batch.size > 0);
      if (mostIterations === 0) return;
      pausedSeconds = turn.endPause();
      this.#busySinceSeconds += pausedSeconds;
    }
    const staying = this.#policy.select(batch);
    let overheadSeconds = 0;
    if (staying < batch.size) {
      overheadSeconds += this.#overheads.preemptSeconds;
      this.#preemptFrom(staying);
    }
    const joining = this.#policy.joiningCount;
    if (joining > 0) {
      overheadSeconds += this.#overheads.runSeconds;
      if (batch.size === 0) this.#busySinceSeconds = this.#kernel.now;
      this.#join(joining);
    }
    this.#waiting.countStart();
    if (batch.size === 0) {
      turn?.release();
      if (this.pendingRequests === 0) this.#listener.instanceIdle(this.#instance.index);
      return;
    }
    const iterations = Math.min(batch.iterationsToNextFinish(), mostIterations);
    this.#stretchIterations = iterations;
    this.#stretchSeconds = this.#times.stretchSeconds(batch, iterations);
    this.#track?.beginBatch(this.#kernel.now, batch);
    if (turn?.isDelayed()) overheadSeconds += turn.delaySeconds(this.#firstIterationSeconds());
    this.#stretchDelaySeconds = overheadSeconds + pausedSeconds;
    this.#isDelayed = overheadSeconds !== 0;
    this.#completeAfter(overheadSeconds + this.#stretchSeconds);
  }

  #firstIterationSeconds(): number {
    return this.#stretchIterations === 1 ? this.#stretchSeconds : this.#times.stretchSeconds(this.#batch, 1);
  }

  #completeAfter(delaySeconds: number): void {
    this.#stretchEndSeconds = this.#kernel.now + delaySeconds;
    if (delaySeconds === 0) {
      this.#kernel.cancel(this.#timer);
      this.#complete();
    } else this.#kernel.arm(this.#timer, this.#stretchEndSeconds);
  }

  #preemptFrom(staying: number): void {
    const batch = this.#batch;
    for (let index = staying; index < batch.size; index++) {
      const task = batch.tasks[index];
      this.#tasks.remainingTokens[requestOf(task)] = batch.finishAt[index] - batch.iterations;
      this.#tasks.pause(requestOf(task), this.#kernel.now);
      this.#waiting.preempt(task);
      this.#policy.enqueue(task);
    }
    batch.truncate(staying);
    if (staying === 0) this.busySeconds += this.#kernel.now - this.#busySinceSeconds;
  }

  #join(joining: number): void {
    const { state } = this.#tasks;
    const { queue } = this.#waiting;
    if (joining === queue.length) queue.clear();
    else if (joining > 1) queue.removeAll(this.#policy.joining, joining);
    else queue.remove(this.#policy.joining[0]);
    for (let index = 0; index < joining; index++) {
      const task = this.#policy.joining[index];
      if (state[task] === TASK_STATE.starting) this.#charge(task);
      else this.#resume(requestOf(task));
      this.#batch.add(task, isDecode(task) ? this.#tasks.remainingTokens[requestOf(task)] : 1);
      this.#waiting.run(task);
    }
  }

  /** A task starts for the first time. */
  #charge(task: number): void {
    const request = requestOf(task);
    const { outcomes } = this.#requests;
    this.#instance.hold(request, this.#tasks.bytes[task]);
    if (isDecode(task)) {
      outcomes.decodeStartSeconds[request] = this.#kernel.now;
      const waitedSeconds = this.#kernel.now - outcomes.prefillEndSeconds[request];
      if (this.#tasks.remainingTokens[request] > 0) this.#gaps.join(waitedSeconds);
    } else outcomes.prefillStartSeconds[request] = this.#kernel.now;
  }

  /** A preempted decode goes on. */
  #resume(request: number): void {
    this.#gaps.join(this.#kernel.now - this.#tasks.pausedSeconds[request]);
  }

  /** Ends the running stretch at the next iteration boundary, so that waiting tasks may join. */
  #cut(): void {
    if (this.#isCut || this.#turn?.isPaused || this.#batch.prefills > 0) return;
    this.#isCut = true;
    const startSeconds = this.#stretchEndSeconds - this.#stretchSeconds;
    const elapsedSeconds = this.#kernel.now - startSeconds;
    const isBefore = this.#isDelayed && elapsedSeconds < 0;
    const iterations = isBefore ? 1 : this.#times.iterationsWithin(this.#batch, elapsedSeconds) + 1;
    // An arrival at the very end of the stretch must not add an iteration to it.
    this.#stretchIterations = Math.min(iterations, this.#stretchIterations);
    this.#stretchSeconds = this.#times.stretchSeconds(this.#batch, this.#stretchIterations);
    this.#completeAfter(this.#stretchSeconds - elapsedSeconds);
  }

  /** The stretch is over: finished tasks leave, then the next batch starts. */
  #complete(): void {
    const batch = this.#batch;
    if (this.#debug) this.log.push(this.#logRow());
    this.#track?.end(this.#kernel.now, this.#stretchIterations);
    batch.iterations += this.#stretchIterations;
    this.#gaps.stretch(batch.decodes, this.#stretchIterations, this.#stretchSeconds, this.#stretchDelaySeconds);
    if (batch.someFinished()) {
      const count = batch.removeFinished();
      if (batch.size === 0 && count > 0) this.busySeconds += this.#kernel.now - this.#busySinceSeconds;
      this.#isCompleting = true;
      for (let index = 0; index < count; index++) this.#finish(batch.finished[index]);
      this.#isCompleting = false;
    }
    this.#isCut = false;
    this.#start();
  }

  #finish(task: number): void {
    const request = requestOf(task);
    const { outcomes } = this.#requests;
    const { state } = this.#tasks;
    state[task] = TASK_STATE.done;
    if (isDecode(task)) {
      this.#instance.pendingTokens -= 1;
      outcomes.decodeEndSeconds[request] = this.#kernel.now;
      this.#instance.release(request);
      this.pendingRequests--;
      this.#instance.requestsChanged();
      this.#listener.decodeDone(request);
    } else {
      this.#instance.pendingTokens -= this.#requests.promptTokens[request];
      outcomes.prefillEndSeconds[request] = this.#kernel.now;
      if (state[decodeTask(request)] === TASK_STATE.queued) this.#waiting.becomeReady(request);
      else this.pendingRequests--;
      this.#instance.requestsChanged();
      this.#listener.prefillDone(request);
    }
  }

  #logRow(): InstanceLogRow {
    return instanceLogRow({
      batch: this.#batch,
      requests: this.#requests,
      waiting: this.#waiting,
      startSeconds: this.#stretchEndSeconds - this.#stretchSeconds,
      endSeconds: this.#kernel.now,
      iterations: this.#stretchIterations,
      memoryBytes: this.#instance.memory.usedBytes,
      pendingRequests: this.pendingRequests,
      allocations: this.#instance.allocations + 1,
      batchTokens: this.#policy.batchTokens,
    });
  }
}
