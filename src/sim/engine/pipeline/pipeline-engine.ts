/**
 * An instance as simdistserve runs it (LLMServe/DistServe at commit 82831f1): a ring of pipeline stages. The first stage
 * forms a batch of whole prompts if any wait, which all stages keep; if none waits, a stage forms a batch of the decodes that
 * wait there. Every stage takes its share of an iteration; a decode that leaves the last stage joins the end of the first
 * one's queue. An idle stage wakes after all that is due at the time.
 */
import type { Instance } from "../../cluster/instance.ts";
import type { EventKind, Kernel } from "../../kernel/kernel.ts";
import type { BatchShape, IterationTimes } from "../../performance/performance-model.ts";
import type { InstanceLogRow } from "../../recorder.ts";
import type { ShownBatch, Track } from "../../timeline/timeline.ts";
import type { Requests } from "../../workload/requests.ts";
import { isDecode, requestOf, TASK_STATE, type TaskTable } from "../../workload/task-table.ts";
import type { Engine, EngineListener } from "../engine.ts";
import { RequestQueue } from "./request-queue.ts";
import { type PipelineBatch, Stage } from "./stage.ts";

export interface PipelineLimits {
  readonly stages: number;
  readonly prefillBatchTokens: number;
  readonly decodeBatchTokens: number;
  readonly decodeBatchSize: number;
  readonly prefillStageSeconds: number;
  readonly firstStageSeconds: number;
  readonly firstStageSecondsPerToken: number;
  /** Iterations of a decode: of all output tokens, or of all but the first. */
  readonly decodesFirstToken: boolean;
}

export interface PipelineParts {
  readonly instance: Instance;
  readonly kernel: Kernel;
  readonly requests: Requests;
  readonly tasks: TaskTable;
  readonly times: IterationTimes;
  readonly kvBytesPerToken: number;
  readonly listener: EngineListener;
  /** Of the stages; empty if nobody looks. */
  readonly tracks: readonly Track[];
}

export class PipelineEngine implements Engine {
  pendingRequests = 0;
  busySeconds = 0;
  iterations = 0;
  readonly log: InstanceLogRow[] = [];
  readonly #parts: PipelineParts;
  readonly #limits: PipelineLimits;
  readonly #stages: readonly Stage[];
  readonly #prefills = new RequestQueue();
  /** By request: decode iterations done, of those that began here. */
  readonly #decoded = new Map<number, number>();
  readonly #wakeUp: EventKind;
  readonly #end: EventKind;
  readonly #shape: BatchShape = {
    prefills: 0,
    promptTokens: 0,
    squaredPromptTokens: 0,
    promptContextProducts: 0,
    decodes: 0,
    contextTokens: 0,
  };

  constructor(parts: PipelineParts, limits: PipelineLimits) {
    this.#parts = parts;
    this.#limits = limits;
    this.#stages = Array.from({ length: limits.stages }, () => new Stage());
    this.#wakeUp = parts.kernel.on((stage) => {
      this.#stages[stage].isWaking = false;
      this.#run(stage);
    });
    this.#end = parts.kernel.on((stage) => this.#complete(stage));
  }

  get longestPromptTokens(): number {
    return this.#limits.prefillBatchTokens;
  }

  get batchSize(): number {
    return this.#stages.reduce((sum, { running }) => sum + (running?.requests.length ?? 0), 0);
  }

  get pendingTasks(): number {
    return this.#prefills.length + this.#stages[0].decodes.length;
  }

  submit(task: number): void {
    this.pendingRequests++;
    this.#parts.tasks.state[task] = TASK_STATE.queued;
    this.#parts.instance.requestsChanged();
    if (isDecode(task)) {
      this.#parts.instance.memory.allocate(this.#kvBytes(requestOf(task)));
      this.#joinDecodes(requestOf(task));
    } else this.#prefills.push(requestOf(task));
    this.#wake(0);
  }

  transferEnded(request: number): void {
    this.#parts.instance.memory.release(this.#kvBytes(request));
  }

  /** Batches are limited by tokens, so that whatever waits runs some time. */
  stall(): undefined {
    return undefined;
  }

  #joinDecodes(request: number): void {
    this.#decoded.set(request, 0);
    this.#stages[0].decodes.push(request);
  }

  /** KV cache of the whole request, charged for schedulers to see; no batch waits for memory. */
  #kvBytes(request: number): number {
    const { requests, kvBytesPerToken } = this.#parts;
    return kvBytesPerToken * (requests.promptTokens[request] + requests.outputTokens[request]);
  }

  #wake(index: number): void {
    const stage = this.#stages[index];
    if (stage.running !== undefined || stage.isWaking) return;
    stage.isWaking = true;
    this.#parts.kernel.at(this.#parts.kernel.now, this.#wakeUp, index);
  }

  #run(index: number): void {
    const stage = this.#stages[index];
    if (stage.running !== undefined) return;
    const prefill = index === 0 ? this.#prefillBatch() : stage.prefills.shift();
    const batch = prefill ?? this.#decodeBatch(stage);
    if (batch === undefined) {
      if (index === 0 && this.pendingRequests === 0) this.#parts.listener.instanceIdle(this.#parts.instance.index);
      return;
    }
    stage.running = batch;
    this.#parts.tracks[index]?.beginBatch(this.#parts.kernel.now, shownBatch(batch));
    const seconds = this.#stageSeconds(batch, index);
    if (index === 0) {
      this.iterations++;
      this.busySeconds += seconds;
    }
    this.#parts.kernel.at(this.#parts.kernel.now + seconds, this.#end, index);
  }

  /** Whole prompts from the front as long as they fit. */
  #prefillBatch(): PipelineBatch | undefined {
    const { requests, kernel } = this.#parts;
    const taken: number[] = [];
    let promptTokens = 0;
    let squaredPromptTokens = 0;
    while (this.#prefills.length > 0) {
      const tokens = requests.promptTokens[this.#prefills.first];
      if (promptTokens + tokens > this.#limits.prefillBatchTokens) break;
      const request = this.#prefills.shift();
      promptTokens += tokens;
      squaredPromptTokens += tokens * tokens;
      requests.outcomes.prefillStartSeconds[request] = kernel.now;
      this.#parts.instance.memory.allocate(this.#kvBytes(request));
      taken.push(request);
    }
    if (taken.length === 0) return undefined;
    return { isPrefill: true, requests: taken, promptTokens, squaredPromptTokens, contextTokens: 0 };
  }

  #decodeBatch({ decodes }: Stage): PipelineBatch | undefined {
    const { requests, kernel } = this.#parts;
    const { decodeStartSeconds } = requests.outcomes;
    const { decodeBatchTokens, decodeBatchSize } = this.#limits;
    const taken: number[] = [];
    let contextTokens = 0;
    while (decodes.length > 0 && taken.length < decodeBatchSize) {
      const request = decodes.first;
      const context = requests.promptTokens[request] + (this.#decoded.get(request) ?? 0) + 1;
      // A context longer than the limit runs alone.
      if (taken.length > 0 && contextTokens + context > decodeBatchTokens) break;
      decodes.shift();
      contextTokens += context;
      if (Number.isNaN(decodeStartSeconds[request])) decodeStartSeconds[request] = kernel.now;
      taken.push(request);
    }
    if (taken.length === 0) return undefined;
    return { isPrefill: false, requests: taken, promptTokens: 0, squaredPromptTokens: 0, contextTokens };
  }

  #stageSeconds(
    { isPrefill, requests, promptTokens, squaredPromptTokens, contextTokens }: PipelineBatch,
    index: number,
  ) {
    const { stages, prefillStageSeconds, firstStageSeconds, firstStageSecondsPerToken } = this.#limits;
    const shape = this.#shape;
    shape.prefills = isPrefill ? requests.length : 0;
    shape.promptTokens = promptTokens;
    shape.squaredPromptTokens = squaredPromptTokens;
    shape.decodes = isPrefill ? 0 : requests.length;
    shape.contextTokens = contextTokens;
    let seconds = this.#parts.times.stretchSeconds(shape, 1) / stages;
    if (isPrefill) seconds += prefillStageSeconds * stages;
    if (index > 0) return seconds;
    const tokens = isPrefill ? promptTokens : contextTokens - requests.length;
    return seconds + (firstStageSeconds + firstStageSecondsPerToken * tokens);
  }

  #complete(index: number): void {
    const stage = this.#stages[index];
    const batch = stage.running as PipelineBatch;
    stage.running = undefined;
    this.#parts.tracks[index]?.end(this.#parts.kernel.now, 1);
    if (index + 1 < this.#stages.length) {
      this.#passOn(batch, this.#stages[index + 1]);
      this.#wake(index + 1);
    } else {
      for (const request of batch.requests) {
        if (batch.isPrefill) this.#prefilled(request);
        else this.#decodedOnce(request);
      }
      if (index > 0) this.#wake(0);
    }
    this.#run(index);
  }

  #passOn(batch: PipelineBatch, { prefills, decodes }: Stage): void {
    if (batch.isPrefill) prefills.push(batch);
    else for (const request of batch.requests) decodes.push(request);
  }

  #prefilled(request: number): void {
    const { requests, instance, kernel, listener } = this.#parts;
    const { outcomes } = requests;
    instance.pendingTokens -= requests.promptTokens[request];
    outcomes.prefillEndSeconds[request] = kernel.now;
    const staysHere = outcomes.decodeInstance[request] === instance.index;
    if (!staysHere) this.#leave();
    listener.prefillDone(request);
    if (!staysHere) return;
    if (requests.outputTokens[request] === 1 && !this.#limits.decodesFirstToken) this.#finish(request);
    else this.#joinDecodes(request);
  }

  #decodedOnce(request: number): void {
    const done = (this.#decoded.get(request) ?? 0) + 1;
    const first = this.#limits.decodesFirstToken ? 0 : 1;
    if (done < this.#parts.requests.outputTokens[request] - first) {
      this.#decoded.set(request, done);
      this.#stages[0].decodes.push(request);
      return;
    }
    this.#decoded.delete(request);
    this.#finish(request);
  }

  #finish(request: number): void {
    const { requests, instance, kernel, listener } = this.#parts;
    instance.pendingTokens -= 1;
    requests.outcomes.decodeEndSeconds[request] = kernel.now;
    instance.memory.release(this.#kvBytes(request));
    this.#leave();
    listener.decodeDone(request);
  }

  #leave(): void {
    this.pendingRequests--;
    this.#parts.instance.requestsChanged();
  }
}

function shownBatch({ isPrefill, requests, promptTokens }: PipelineBatch): ShownBatch {
  return { prefills: isPrefill ? requests.length : 0, promptTokens, decodes: isPrefill ? 0 : requests.length };
}
