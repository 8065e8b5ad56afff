/**
 * The loop of vLLM's engines: schedule a pass, run it, take its tokens, schedule the next. Passes of unchanged decodes run
 * as one event, which an arrival that could join them cuts short at the next boundary.
 */
import { SimulationError } from "../../../errors.ts";
import type { Instance } from "../../cluster/instance.ts";
import type { Kernel, TimerId } from "../../kernel/kernel.ts";
import type { IterationTimes } from "../../performance/performance-model.ts";
import type { InstanceLogRow, PassLogRow } from "../../recorder.ts";
import type { Track } from "../../timeline/timeline.ts";
import type { TokenGaps } from "../../token-gaps.ts";
import type { Requests } from "../../workload/requests.ts";
import { isDecode, prefillTask, requestOf, TASK_STATE, type TaskTable } from "../../workload/task-table.ts";
import type { Engine, EngineListener } from "../engine.ts";
import { GapCounter } from "../gap-counter.ts";
import { countGaps } from "./count-gaps.ts";
import { LivelockWatch } from "./livelock.ts";
import type { PassArrivals } from "./pass-arrivals.ts";
import { passLogRow, stretchLogRow } from "./pass-log.ts";
import type { PassScheduler } from "./pass-scheduler.ts";
import type { RequestState } from "./request-state.ts";

export interface VllmEngineParts {
  readonly instance: Instance;
  readonly kernel: Kernel;
  readonly requests: Requests;
  readonly tasks: TaskTable;
  readonly state: RequestState;
  readonly scheduler: PassScheduler;
  readonly times: IterationTimes;
  readonly listener: EngineListener;
  readonly tokenGaps: TokenGaps;
  readonly track: Track | undefined;
  readonly blockBytes: number;
  /** Undefined if requests arrive by time. */
  readonly passArrivals: PassArrivals | undefined;
  /** Passes of the longest prompt alone. */
  readonly longestPromptPasses: number;
  /** Whether every pass is an event of its own. */
  readonly isSingleStepping: boolean;
  readonly debug: boolean;
}

export class VllmEngine implements Engine {
  pendingRequests = 0;
  busySeconds = 0;
  iterations = 0;
  readonly log: InstanceLogRow[] = [];
  readonly passes: PassLogRow[] = [];
  readonly #parts: VllmEngineParts;
  readonly #scheduler: PassScheduler;
  readonly #timer: TimerId;
  readonly #livelock: LivelockWatch;
  readonly #gaps: GapCounter;
  #startSeconds = 0;
  #stretchSeconds = 0;
  /** Passes of the running stretch; 0 if none runs. */
  #stretchPasses = 0;
  #isCut = false;
  #isCompleting = false;
  /** The next pass is due at this very time, after what else happens at it. */
  #isWaking = false;
  #accountedBlocks = 0;

  constructor(parts: VllmEngineParts) {
    this.#parts = parts;
    this.#scheduler = parts.scheduler;
    this.#gaps = new GapCounter(parts.tokenGaps);
    this.#livelock = new LivelockWatch(parts.longestPromptPasses);
    this.#timer = parts.kernel.timer(
      parts.kernel.on(() => this.#boundary()),
      0,
    );
  }

  get batchSize(): number {
    return this.#stretchPasses > 0 ? this.#scheduler.pass.scheduled.count : 0;
  }

  get batchTokens(): number {
    return this.#stretchPasses > 0 ? this.#scheduler.pass.totalTokens : 0;
  }

  get pendingTasks(): number {
    return this.#scheduler.waiting.length + (this.#parts.passArrivals?.waiting ?? 0);
  }

  submit(task: number): void {
    const { instance, tasks, passArrivals } = this.#parts;
    const scheduler = this.#scheduler;
    const request = requestOf(task);
    tasks.state[task] = TASK_STATE.queued;
    this.pendingRequests++;
    instance.requestsChanged();
    const isBack = isDecode(task) && scheduler.pool.reattach(request);
    if (isBack) {
      scheduler.running.push(request);
      this.#startDecode(request);
    } else if (passArrivals === undefined) scheduler.submit(request, isDecode(task));
    else passArrivals.submit(request);
    if (this.#isCompleting) return;
    if (this.#stretchPasses === 0) this.#wake();
    else if (isBack || scheduler.mayJoin(request)) this.#cut();
  }

  transferEnded(request: number): void {
    if (!this.#scheduler.pool.releaseDetached(request)) return;
    this.#accountMemory();
    if (this.#isCompleting || this.#scheduler.waiting.length === 0) return;
    if (this.#stretchPasses === 0) this.#wake();
    else this.#cut();
  }

  stall(): string | undefined {
    if (this.#stretchPasses > 0 || this.pendingTasks === 0) return undefined;
    return this.#describeStuck();
  }

  #describeStuck(): string {
    const { instance, requests } = this.#parts;
    const { pool, waiting } = this.#scheduler;
    const head = waiting.length > 0 ? waiting.head : -1;
    const needs =
      head < 0
        ? "no request is due"
        : `request ${requests.trace.requestId[head]} needs ${this.#scheduler.neededBlocks(head)} KV blocks`;
    return `Instance ${instance.label}: ${needs}, ${pool.freeBlocks} of ${pool.usableBlocks} are free, ${this.pendingTasks} requests wait.`;
  }

  /** Starts a pass at this time, after all that happens at it: who arrives at the start of a pass takes part in it. */
  #wake(): void {
    if (this.#isWaking) return;
    this.#isWaking = true;
    this.#parts.kernel.armLast(this.#timer, this.#parts.kernel.now);
  }

  #boundary(): void {
    this.#isWaking = false;
    if (this.#stretchPasses > 0) this.#complete();
    this.#start();
  }

  #start(): void {
    const { kernel, times, listener, instance, isSingleStepping, passArrivals, track } = this.#parts;
    const scheduler = this.#scheduler;
    this.#admitByPass();
    if (scheduler.running.count === 0 && scheduler.waiting.length === 0) {
      if (this.pendingRequests === 0) listener.instanceIdle(instance.index);
      return;
    }
    this.#livelock.check(scheduler.progress, kernel.now, () => this.#describeStuck());
    if (!this.#schedule()) return;
    let passes = isSingleStepping ? 1 : scheduler.alikePasses();
    if (passArrivals !== undefined) passes = Math.min(passes, passArrivals.passesBeforeNext());
    this.#stretchPasses = passes;
    this.#startSeconds = kernel.now;
    track?.beginBatch(kernel.now, scheduler.pass);
    this.#stretchSeconds = times.stretchSeconds(scheduler.pass, passes);
    kernel.armLast(this.#timer, kernel.now + this.#stretchSeconds);
  }

  #admitByPass(): void {
    const { kernel, passArrivals, requests } = this.#parts;
    const scheduler = this.#scheduler;
    if (passArrivals === undefined || passArrivals.waiting === 0) return;
    const isIdle = scheduler.running.count === 0 && scheduler.waiting.length === 0;
    passArrivals.admit(isIdle, kernel.now, (request) => {
      requests.arrivalSeconds[request] = kernel.now;
      scheduler.submit(request, false);
    });
  }

  /** Schedules the next pass; false if nothing can run before blocks become free elsewhere. */
  #schedule(): boolean {
    const { kernel } = this.#parts;
    const { pass, pool } = this.#scheduler;
    // A request that preempted itself and left all blocks free is admitted again at once.
    let preempted: readonly number[] = [];
    for (let attempt = 0; attempt < 2; attempt++) {
      this.#scheduler.schedule();
      this.#notePreemptions();
      if (pass.totalTokens === 0) preempted = pass.preempted.toArray();
      else {
        for (const request of preempted) pass.preempted.push(request);
        this.#noteStarts();
        this.#accountMemory();
        return true;
      }
    }
    this.#accountMemory();
    if (pool.detachedRequests > 0) return false;
    throw new SimulationError(`E_STUCK: a pass has nothing to run. ${this.#describeStuck()}`, kernel.now, {
      hint: "Use more KV blocks (engine.num_gpu_blocks, larger instances), or drop the request.",
    });
  }

  #notePreemptions(): void {
    const { items, count } = this.#scheduler.pass.preempted;
    const { preemptions } = this.#parts.requests.outcomes;
    if (preemptions === undefined) return;
    for (let index = 0; index < count; index++) preemptions[items[index]]++;
  }

  #noteStarts(): void {
    const { kernel, requests, state } = this.#parts;
    const { scheduled } = this.#scheduler.pass;
    const { prefillStartSeconds, decodeStartSeconds } = requests.outcomes;
    for (let index = 0; index < scheduled.count; index++) {
      const request = scheduled.items[index];
      if (Number.isNaN(prefillStartSeconds[request])) prefillStartSeconds[request] = kernel.now;
      // Its prefill was elsewhere: one that was here started its decode when it ended.
      else if (state.outputTokens[request] > 0 && Number.isNaN(decodeStartSeconds[request])) this.#startDecode(request);
    }
  }

  /** Ends the running stretch at the first boundary from now on. */
  #cut(): void {
    const { kernel, times } = this.#parts;
    if (this.#isCut || this.#stretchPasses === 1) return;
    this.#isCut = true;
    const { pass } = this.#scheduler;
    const ended = times.iterationsWithin(pass, kernel.now - this.#startSeconds);
    const endsNow = ended > 0 && this.#startSeconds + times.stretchSeconds(pass, ended) >= kernel.now;
    const passes = Math.max(1, endsNow ? ended : ended + 1);
    if (passes >= this.#stretchPasses) return;
    this.#stretchPasses = passes;
    this.#stretchSeconds = times.stretchSeconds(pass, passes);
    kernel.armLast(this.#timer, Math.max(kernel.now, this.#startSeconds + this.#stretchSeconds));
  }

  #complete(): void {
    const { passArrivals, state, debug, track, kernel } = this.#parts;
    const scheduler = this.#scheduler;
    const passes = this.#stretchPasses;
    this.#isCut = false;
    this.iterations += passes;
    this.busySeconds += this.#stretchSeconds;
    passArrivals?.skip(passes - 1);
    track?.end(kernel.now, passes);
    const logged = debug ? this.#completeLogged() : undefined;
    if (logged === undefined) scheduler.complete(passes);
    const startSeconds = this.#startSeconds;
    countGaps(this.#gaps, scheduler.pass, state, { startSeconds, seconds: this.#stretchSeconds, passes });
    this.#stretchPasses = 0;
    this.#isCompleting = true;
    const { firstTokens, finished, pool } = scheduler;
    let finishedHere = 0;
    for (let index = 0; index < finished.count; index++) {
      const request = finished.items[index];
      // Who has a decode elsewhere is finished there, even if its only token came out of the prefill.
      if (this.#goesOnElsewhere(request)) continue;
      finished.items[finishedHere++] = request;
      scheduler.stopRunning(request);
      pool.release(request);
    }
    this.#accountMemory();
    for (let index = 0; index < firstTokens.count; index++) this.#endPrefill(firstTokens.items[index]);
    for (let index = 0; index < finishedHere; index++) this.#endDecode(finished.items[index]);
    this.#isCompleting = false;
    if (logged !== undefined) {
      const { running, waiting } = scheduler;
      this.passes.push({
        ...logged,
        running: running.toArray(),
        waiting: waiting.toArray(),
        freeBlocks: pool.freeBlocks,
      });
    }
  }

  #completeLogged() {
    const { instance, requests, state, kernel } = this.#parts;
    const scheduler = this.#scheduler;
    this.log.push(
      stretchLogRow(scheduler, instance, requests, {
        startSeconds: this.#startSeconds,
        endSeconds: kernel.now,
        passes: this.#stretchPasses,
        pendingRequests: this.pendingRequests,
      }),
    );
    const before = scheduler.pass.scheduled.toArray().map((request) => state.outputTokens[request]);
    scheduler.complete(this.#stretchPasses);
    return passLogRow(scheduler, before, state.outputTokens, this.#startSeconds, this.#stretchSeconds);
  }

  /** Only meaningful for requests whose prefill is here. */
  #goesOnElsewhere(request: number): boolean {
    const { requests, instance } = this.#parts;
    return requests.outcomes.decodeInstance[request] !== instance.index;
  }

  #endPrefill(request: number): void {
    const { kernel, requests, tasks, instance, listener } = this.#parts;
    tasks.state[prefillTask(request)] = TASK_STATE.done;
    requests.outcomes.prefillEndSeconds[request] = kernel.now;
    instance.pendingTokens -= requests.promptTokens[request];
    if (this.#goesOnElsewhere(request)) {
      this.#scheduler.stopRunning(request);
      this.#scheduler.pool.detach(request);
      this.pendingRequests--;
      instance.requestsChanged();
    } else this.#startDecode(request);
    listener.prefillDone(request);
  }

  #startDecode(request: number): void {
    const { kernel, requests } = this.#parts;
    if (requests.outputTokens[request] > 1) requests.outcomes.decodeStartSeconds[request] = kernel.now;
  }

  #endDecode(request: number): void {
    const { kernel, requests, instance, listener } = this.#parts;
    if (requests.outputTokens[request] > 1) requests.outcomes.decodeEndSeconds[request] = kernel.now;
    instance.pendingTokens -= 1;
    this.pendingRequests--;
    instance.requestsChanged();
    listener.decodeDone(request);
  }

  /** Tells the instance's memory how many blocks are held. */
  #accountMemory(): void {
    const { instance, blockBytes } = this.#parts;
    const { usableBlocks, freeBlocks } = this.#scheduler.pool;
    const held = usableBlocks - freeBlocks;
    const more = held - this.#accountedBlocks;
    this.#accountedBlocks = held;
    if (more > 0) instance.memory.allocate(more * blockBytes);
    else if (more < 0) instance.memory.release(-more * blockBytes);
  }
}
