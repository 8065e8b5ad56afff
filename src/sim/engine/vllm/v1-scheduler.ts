/**
 * vLLM's V1 scheduler (vllm/v1/core/sched/scheduler.py, commit 00024d31): running requests first, then waiting ones, in one budget of
 * tokens, without a difference between prefill and decode; who finds no blocks preempts another, which computes all anew.
 */
import type { Requests } from "../../workload/requests.ts";
import type { BlockPool } from "./block-pool.ts";
import { Pass } from "./pass.ts";
import type { PassLimits, PassScheduler } from "./pass-scheduler.ts";
import { RequestList } from "./request-list.ts";
import type { RequestState } from "./request-state.ts";
import { alikeDecodes, type DecodeStretch } from "./stretch.ts";
import type { RequestOrder, WaitingQueue } from "./waiting-queue.ts";

export interface V1Rules {
  readonly chunkedPrefill: boolean;
  /** Prompt tokens of a request in one pass; infinite for no threshold. */
  readonly longPrefillTokens: number;
  /** Blocks that admission leaves free while others run. */
  readonly watermarkBlocks: number;
  readonly reservesFullLength: boolean;
  /** Admission gives a request the blocks of all its output tokens. */
  readonly reservesOutput: boolean;
  /** Under the priority policy: who goes before whom, and so who is preempted last. */
  readonly precedes: RequestOrder | undefined;
}

export class V1Scheduler implements PassScheduler {
  readonly running = new RequestList();
  readonly pass = new Pass();
  readonly firstTokens = new RequestList();
  readonly finished = new RequestList();
  progress = 0;
  readonly pool: BlockPool;
  readonly waiting: WaitingQueue;
  readonly #requests: Requests;
  readonly #state: RequestState;
  readonly #limits: PassLimits;
  readonly #rules: V1Rules;
  readonly #stretch: DecodeStretch;

  constructor(
    requests: Requests,
    state: RequestState,
    pool: BlockPool,
    waiting: WaitingQueue,
    limits: PassLimits,
    rules: V1Rules,
  ) {
    this.#requests = requests;
    this.#state = state;
    this.pool = pool;
    this.waiting = waiting;
    this.#limits = limits;
    this.#rules = rules;
    this.#stretch = { pass: this.pass, state, pool, blockTokens: limits.blockTokens, spareBlocks: 0 };
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
    const { pass, waiting } = this;
    pass.clear();
    const budget = this.#scheduleRunning();
    if (pass.preempted.count === 0 && waiting.length > 0) this.#admitWaiting(budget);
    const { computedTokens } = this.#state;
    for (let index = 0; index < pass.scheduled.count; index++) {
      const request = pass.scheduled.items[index];
      const computed = computedTokens[request];
      const isDecode = computed >= this.#requests.promptTokens[request] && computed === this.#length(request) - 1;
      if (isDecode) pass.countDecode(this.#state, index);
      else pass.countPrefill(this.#state, index);
    }
  }

  alikePasses(): number {
    const { pass, running } = this;
    if (pass.prefills > 0 || pass.preempted.count > 0 || pass.decodes < running.count) return 1;
    let passes = Number.POSITIVE_INFINITY;
    for (let index = 0; index < running.count; index++) {
      const left = this.#passesLeft(running.items[index]);
      if (left < passes) passes = left;
    }
    return passes === 1 ? 1 : alikeDecodes(this.#stretch, passes);
  }

  complete(passes: number): void {
    const { scheduled, tokens } = this.pass;
    const { computedTokens, outputTokens } = this.#state;
    if (passes > 1) this.#growBy(passes);
    this.firstTokens.clear();
    this.finished.clear();
    for (let index = 0; index < scheduled.count; index++) {
      const request = scheduled.items[index];
      const computed = computedTokens[request] + tokens[index] + passes - 1;
      computedTokens[request] = computed;
      if (computed < this.#length(request) + passes - 1) continue;
      if (outputTokens[request] === 0) this.firstTokens.push(request);
      outputTokens[request] += passes;
      this.progress += passes;
      if (this.#passesLeft(request) <= 0) this.finished.push(request);
    }
  }

  stopRunning(request: number): void {
    this.running.removeAt(this.running.items.indexOf(request));
  }

  neededBlocks(request: number): number {
    return this.#blocksFor(this.#length(request));
  }

  /** Returns what is left of the budget. */
  #scheduleRunning(): number {
    const { running, pass } = this;
    const { computedTokens, heldBlocks } = this.#state;
    const { maxBatchedTokens, maxModelTokens } = this.#limits;
    let budget = maxBatchedTokens;
    for (let index = 0; index < running.count && budget > 0; index++) {
      const request = running.items[index];
      const computed = computedTokens[request];
      const wanted = Math.min(this.#length(request) - computed, this.#rules.longPrefillTokens);
      const tokens = Math.min(wanted, budget, maxModelTokens - 1 - computed);
      if (tokens <= 0) continue;
      const blocks = this.#blocksFor(computed + tokens) - heldBlocks[request];
      let isPreempted = false;
      while (blocks > this.pool.freeBlocks && !isPreempted) {
        const victimIndex = this.#victimIndex();
        const victim = running.items[victimIndex];
        running.removeAt(victimIndex);
        const given = pass.unschedule(victim);
        if (given > 0) {
          budget += given;
          index--;
        }
        this.#preempt(victim);
        isPreempted = victim === request;
      }
      if (isPreempted) break;
      if (blocks > 0) this.pool.grow(request, blocks);
      this.pool.commit(request, computed + tokens);
      pass.schedule(request, tokens);
      budget -= tokens;
    }
    return budget;
  }

  /** The last one; under priorities the one that all others precede, the first of equals. */
  #victimIndex(): number {
    const { running } = this;
    const { precedes } = this.#rules;
    if (precedes === undefined) return running.count - 1;
    let victim = 0;
    for (let index = 1; index < running.count; index++) {
      if (precedes(running.items[victim], running.items[index])) victim = index;
    }
    return victim;
  }

  #preempt(request: number): void {
    this.pool.release(request);
    this.#state.computedTokens[request] = 0;
    this.waiting.requeue(request);
    this.pass.preempted.push(request);
  }

  #admitWaiting(budgetTokens: number): void {
    const { waiting, running, pass, pool } = this;
    const { longPrefillTokens, chunkedPrefill } = this.#rules;
    const { computedTokens, outputTokens, heldBlocks } = this.#state;
    const { outcomes } = this.#requests;
    let budget = budgetTokens;
    while (waiting.length > 0 && budget > 0 && running.count < this.#limits.maxSequences) {
      const request = waiting.head;
      const length = this.#length(request);
      const hasCache = computedTokens[request] > 0;
      const foundBlocks = hasCache ? 0 : pool.findPrefix(request, this.#wholeBlocksBelow(length));
      const foundFree = hasCache ? 0 : pool.foundFreeBlocks;
      const cached = hasCache ? computedTokens[request] : foundBlocks * this.#limits.blockTokens;
      let tokens = Math.min(length - cached, longPrefillTokens);
      if (!chunkedPrefill && tokens > budget) break;
      tokens = Math.min(tokens, budget);
      const spare = pool.freeBlocks - foundFree - (running.count > 0 ? this.#rules.watermarkBlocks : 0);
      if (this.#rules.reservesFullLength && this.#blocksFor(length) - foundBlocks > spare) break;
      const wantedBlocks = this.#blocksFor(this.#rules.reservesOutput ? this.#finalTokens(request) : cached + tokens);
      if (wantedBlocks - foundBlocks > spare) break;
      waiting.shift();
      running.push(request);
      if (foundBlocks > 0) pool.adoptPrefix(request);
      pool.grow(request, wantedBlocks - heldBlocks[request]);
      pool.commit(request, cached + tokens);
      computedTokens[request] = cached;
      if (foundBlocks > 0) {
        pass.prefixHits.push([request, cached]);
        const isFirst = outputTokens[request] === 0 && Number.isNaN(outcomes.prefillStartSeconds[request]);
        if (isFirst && outcomes.cachedPromptTokens !== undefined) outcomes.cachedPromptTokens[request] = cached;
      }
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
      const tokens = computedTokens[request] + passes;
      const blocks = this.#blocksFor(tokens) - heldBlocks[request];
      if (blocks > 0) this.pool.grow(request, blocks);
      this.pool.commit(request, tokens);
    }
  }

  /** Prompt and output tokens so far. */
  #length(request: number): number {
    return this.#requests.promptTokens[request] + this.#state.outputTokens[request];
  }

  /** Tokens that are in the KV cache when the last one is computed. */
  #finalTokens(request: number): number {
    return this.#requests.promptTokens[request] + this.#requests.outputTokens[request] - 1;
  }

  /** Output tokens until it ends: at those it asked for, or at the longest sequence. */
  #passesLeft(request: number): number {
    const asked = this.#requests.outputTokens[request] - this.#state.outputTokens[request];
    return Math.min(asked, this.#limits.maxModelTokens - this.#length(request));
  }

  #blocksFor(tokens: number): number {
    return Math.ceil(Math.min(tokens, this.#limits.maxModelTokens) / this.#limits.blockTokens);
  }

  /** At least one token is left to compute. */
  #wholeBlocksBelow(length: number): number {
    return Math.floor((length - 1) / this.#limits.blockTokens);
  }
}
