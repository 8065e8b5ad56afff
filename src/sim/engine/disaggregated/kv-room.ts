/** Room for KV caches on a decode instance, in tokens of whole blocks. */
import type { Batch } from "../batch.ts";

export class KvRoom {
  readonly #capacityBytes: number;
  readonly #bytesPerToken: number;
  readonly #blockTokens: number;

  constructor(capacityBytes: number, bytesPerToken: number, blockTokens: number) {
    this.#capacityBytes = capacityBytes;
    this.#bytesPerToken = bytesPerToken;
    this.#blockTokens = blockTokens;
  }

  /** Tokens of all KV caches of the batch after so many more iterations. O(1) for blocks of one token, else O(batch). */
  usedTokens(batch: Batch, iterations: number): number {
    if (this.#blockTokens === 1) return batch.contextTokens + batch.size * iterations;
    let tokens = 0;
    for (let index = 0; index < batch.size; index++) tokens += this.#rounded(batch.contextOf(index) + iterations);
    return tokens;
  }

  bytes(tokens: number): number {
    return tokens * this.#bytesPerToken;
  }

  isOver(usedTokens: number): boolean {
    return this.bytes(usedTokens) > this.#capacityBytes;
  }

  /** Whether anything at all is free. */
  hasAny(usedTokens: number): boolean {
    return this.bytes(usedTokens) < this.#capacityBytes;
  }

  fits(usedTokens: number, tokens: number): boolean {
    return this.bytes(usedTokens + this.#rounded(tokens)) <= this.#capacityBytes;
  }

  share(usedTokens: number): number {
    return this.bytes(usedTokens) / this.#capacityBytes;
  }

  /** The first iteration, but at most `most`, after which the batch no longer fits. O(log most) sums. */
  iterationsWithin(batch: Batch, most: number): number {
    if (!this.isOver(this.usedTokens(batch, most))) return most;
    let fitting = 0;
    let over = most;
    while (fitting + 1 < over) {
      const middle = (fitting + over) >> 1;
      if (this.isOver(this.usedTokens(batch, middle))) over = middle;
      else fitting = middle;
    }
    return over;
  }

  #rounded(tokens: number): number {
    return Math.ceil(tokens / this.#blockTokens) * this.#blockTokens;
  }
}
