/**
 * vLLM's V0 scheduler (commit 0054e1fa): a request is in prefill until all its tokens are computed once, then in decode. With chunked
 * prefill, decodes and chunks share a pass; without, whole prompts come first and in passes of their own.
 */
import type { Requests } from "../../workload/requests.ts";
import type { BlockPool } from "./block-pool.ts";
import { Pass } from "./pass.ts";
import type { PassLimits, PassScheduler } from "./pass-scheduler.ts";
import { RequestList } from "./request-list.ts";
import type { RequestState } from "./request-state.ts";
import { alikeDecodes, type DecodeStretch } from "./stretch.ts";
import { FcfsQueue } from "./waiting-queue.ts";

export interface V0Rules {
  readonly chunkedPrefill: boolean;
  /** Blocks that admission leaves free. */
  readonly watermarkBlocks: number;
  /** A token is produced at the end of the pass after the one that computed it (VllmSimulator). */
  readonly seesTokensLate: boolean;
  /** Requests preempted in one pass return with the latest one first (VllmSimulator). */
  readonly latestReturnsFirst: boolean;
  /** A request preempted in a prefill starts over without its output tokens (VllmSimulator). */
  readonly forgetsInPrefill: boolean;
}

export class V0Scheduler implements PassScheduler {
  readonly running = new RequestList();
  readonly waiting = new FcfsQueue();
  readonly pass = new Pass();
  readonly firstTokens = new RequestList();
  readonly finished = new RequestList();
  progress = 0;
  readonly pool: BlockPool;
  readonly #requests: Requests;
  readonly #state: RequestState;
  readonly #limits: PassLimits;
  readonly #rules: V0Rules;
  readonly #stretch: DecodeStretch;

  constructor(requests: Requests, state: RequestState, pool: BlockPool, limits: PassLimits, rules: V0Rules) {
    this.#requests = requests;
    this.#state = state;
    this.pool = pool;
    this.#limits = limits;
    this.#rules = rules;
    // A pass asks for a free block per decode, whether that needs it or not.
    this.#stretch = { pass: this.pass, state, pool, blockTokens: limits.blockTokens, spareBlocks: 1 };
  }

  submit(request: number, hasCache: boolean): void {
    const { computedTokens, outputTokens } = this.#state;
    computedTokens[request] = hasCache ? this.#requests.promptTokens[request] : 0;
    outputTokens[request] = hasCache ? 1 : 0;
    this.waiting.enqueue(request);
  }

  mayJoin(request: number): boolean {
    return this.running.count < this.#limits.maxSequences && this.waiting.head === request;
  }

  schedule(): void {
    const { pass } = this;
    pass.clear();
    const { maxBatchedTokens } = this.#limits;
    if (this.#rules.chunkedPrefill) {
      this.#scheduleRunning();
      if (pass.preempted.count === 0) this.#admitWaiting(maxBatchedTokens - pass.totalTokens);
    } else {
      this.#admitWaiting(maxBatchedTokens);
      if (pass.scheduled.count === 0) this.#scheduleRunning();
    }
    this.#requeuePreempted();
    for (let index = 0; index < pass.scheduled.count; index++) {
      if (this.#isPrefill(pass.scheduled.items[index])) pass.countPrefill(this.#state, index);
      else pass.countDecode(this.#state, index);
    }
  }

  alikePasses(): number {
    const { pass, running } = this;
    const { seesTokensLate } = this.#rules;
    if (pass.prefills > 0 || pass.preempted.count > 0 || pass.decodes < running.count) return 1;
    const { outputTokens } = this.#state;
    let passes = Number.POSITIVE_INFINITY;
    for (let index = 0; index < running.count; index++) {
      const request = running.items[index];
      const output = outputTokens[request];
      if (seesTokensLate && output === 1) return 1;
      const left = this.#requests.outputTokens[request] - output + (seesTokensLate ? 1 : 0);
      if (left < passes) passes = left;
    }
    return passes <= 1 ? 1 : alikeDecodes(this.#stretch, passes);
  }

  complete(passes: number): void {
    const { scheduled, tokens } = this.pass;
    const { computedTokens } = this.#state;
    if (passes > 1) this.#growBy(passes);
    this.firstTokens.clear();
    this.finished.clear();
    for (let index = 0; index < scheduled.count; index++) {
      const request = scheduled.items[index];
      computedTokens[request] += tokens[index] + passes - 1;
      if (this.#rules.seesTokensLate) this.#yieldLate(request, passes);
      else if (!this.#isPrefill(request)) this.#yield(request, passes);
    }
    if (this.#rules.forgetsInPrefill) this.progress += this.finished.count;
  }

  stopRunning(request: number): void {
    this.running.removeAt(this.running.items.indexOf(request));
  }

  neededBlocks(request: number): number {
    return this.#blocksFor(this.#length(request));
  }

  /** The pass computed a token, which counts as produced. */
  #yield(request: number, passes: number): void {
    const { outputTokens } = this.#state;
    if (outputTokens[request] === 0) this.firstTokens.push(request);
    outputTokens[request] += passes;
    if (!this.#rules.forgetsInPrefill) this.progress += passes;
    if (outputTokens[request] >= this.#requests.outputTokens[request]) this.finished.push(request);
  }

  /** As VllmSimulator: what counts is the token that was fed to the pass, even if that pass was a chunk of a prefill. */
  #yieldLate(request: number, passes: number): void {
    const { outputTokens } = this.#state;
    const seen = outputTokens[request] + passes - 1;
    const isUnstamped = Number.isNaN(this.#requests.outcomes.prefillEndSeconds[request]);
    if (seen === 1 && isUnstamped) this.firstTokens.push(request);
    if (seen >= this.#requests.outputTokens[request]) {
      outputTokens[request] = seen;
      this.finished.push(request);
      return;
    }
    if (this.#isPrefill(request)) return;
    outputTokens[request] += passes;
    if (!this.#rules.forgetsInPrefill) this.progress += passes;
  }

  #scheduleRunning(): void {
    const { running, pass, pool } = this;
    const { computedTokens, heldBlocks, prefillTokens } = this.#state;
    const { maxBatchedTokens } = this.#limits;
    for (let index = 0; index < running.count && pass.totalTokens < maxBatchedTokens; index++) {
      const request = running.items[index];
      while (pool.freeBlocks === 0 && running.count > index + 1) this.#preempt(running.count - 1);
      if (pool.freeBlocks === 0) {
        this.#preempt(index);
        return;
      }
      if (this.#isPrefill(request)) {
        const left = prefillTokens[request] - computedTokens[request];
        pass.schedule(request, Math.min(left, maxBatchedTokens - pass.totalTokens));
        continue;
      }
      const blocks = this.#blocksFor(computedTokens[request] + 1) - heldBlocks[request];
      if (blocks > 0) pool.grow(request, blocks);
      pass.schedule(request, 1);
    }
  }

  #preempt(index: number): void {
    const request = this.running.items[index];
    const { computedTokens, outputTokens } = this.#state;
    this.running.removeAt(index);
    this.pool.release(request);
    if (this.#rules.forgetsInPrefill && this.#isPrefill(request)) outputTokens[request] = 0;
    computedTokens[request] = 0;
    this.pass.preempted.push(request);
  }

  /** In front of those that wait already. */
  #requeuePreempted(): void {
    const { items, count } = this.pass.preempted;
    for (let index = 0; index < count; index++) {
      this.waiting.requeue(items[this.#rules.latestReturnsFirst ? count - 1 - index : index]);
    }
  }

  #admitWaiting(budgetTokens: number): void {
    const { waiting, running, pass, pool } = this;
    const { chunkedPrefill, watermarkBlocks } = this.#rules;
    const { computedTokens, prefillTokens, heldBlocks } = this.#state;
    let budget = budgetTokens;
    while (waiting.length > 0 && budget > 0 && running.count < this.#limits.maxSequences) {
      const request = waiting.head;
      const hasCache = computedTokens[request] > 0;
      const left = this.#length(request) - computedTokens[request];
      if (!chunkedPrefill && left > budget) return;
      const blocks = this.#blocksFor(this.#length(request));
      if (pool.freeBlocks - blocks < watermarkBlocks) return;
      waiting.shift();
      running.push(request);
      prefillTokens[request] = hasCache ? computedTokens[request] : this.#length(request);
      pool.grow(request, blocks - heldBlocks[request]);
      const tokens = Math.min(left, budget);
      pass.schedule(request, tokens);
      budget -= tokens;
    }
  }

  /** Blocks for the passes of a stretch after the first one. */
  #growBy(passes: number): void {
    const { scheduled } = this.pass;
    const { computedTokens, heldBlocks } = this.#state;
    for (let index = 0; index < scheduled.count; index++) {
      const request = scheduled.items[index];
      const blocks = this.#blocksFor(computedTokens[request] + passes) - heldBlocks[request];
      if (blocks > 0) this.pool.grow(request, blocks);
    }
  }

  #isPrefill(request: number): boolean {
    return this.#state.computedTokens[request] < this.#state.prefillTokens[request];
  }

  /** Prompt and output tokens so far. */
  #length(request: number): number {
    return this.#requests.promptTokens[request] + this.#state.outputTokens[request];
  }

  #blocksFor(tokens: number): number {
    return Math.ceil(tokens / this.#limits.blockTokens);
  }
}
