/** The contract of a pool of KV blocks, and the pool that needs no more than their number. */
import type { RequestState } from "./request-state.ts";

/**
 * Blocks of one instance. Which blocks a request holds matters to nobody, only how many (`RequestState.heldBlocks`), and
 * which of its full blocks others may reuse. Invariant: free blocks, and those held by at least one request, are all.
 */
export interface BlockPool {
  /** Blocks that requests can hold, all in all. */
  readonly usableBlocks: number;
  readonly freeBlocks: number;
  /** Gives a request so many more blocks; the caller has seen that they are free. */
  grow(request: number, blocks: number): void;
  /** The first `tokens` tokens of a request are computed, or will be in this pass: its full blocks can be reused. */
  commit(request: number, tokens: number): void;
  /** Finds the longest run of a request's first blocks, at most `maxBlocks`, that can be reused; returns its length. */
  findPrefix(request: number, maxBlocks: number): number;
  /** How many of the blocks found last are free, so that taking them leaves fewer. */
  readonly foundFreeBlocks: number;
  /** Gives the request the blocks found last. */
  adoptPrefix(request: number): void;
  /** Takes all blocks from a request. */
  release(request: number): void;
  /** The request goes on elsewhere, while its blocks stay until `releaseDetached`. */
  detach(request: number): void;
  /** The request comes back to its blocks; false if it has none here. */
  reattach(request: number): boolean;
  /** False if the request has no blocks here. */
  releaseDetached(request: number): boolean;
  /** Requests that were detached and still have blocks here. */
  readonly detachedRequests: number;
}

/** Without prefix caching. */
export class CountingBlockPool implements BlockPool {
  readonly usableBlocks: number;
  freeBlocks: number;
  readonly foundFreeBlocks = 0;
  readonly #held: Int32Array;
  readonly #detached = new Map<number, number>();

  constructor(blocks: number, { heldBlocks }: RequestState) {
    this.usableBlocks = blocks;
    this.freeBlocks = blocks;
    this.#held = heldBlocks;
  }

  get detachedRequests(): number {
    return this.#detached.size;
  }

  grow(request: number, blocks: number): void {
    this.#held[request] += blocks;
    this.freeBlocks -= blocks;
  }

  commit(): void {}

  findPrefix(): number {
    return 0;
  }

  adoptPrefix(): void {}

  release(request: number): void {
    this.freeBlocks += this.#held[request];
    this.#held[request] = 0;
  }

  detach(request: number): void {
    this.#detached.set(request, this.#held[request]);
    this.#held[request] = 0;
  }

  reattach(request: number): boolean {
    const blocks = this.#detached.get(request);
    if (blocks === undefined) return false;
    this.#detached.delete(request);
    this.#held[request] = blocks;
    return true;
  }

  releaseDetached(request: number): boolean {
    const blocks = this.#detached.get(request);
    if (blocks === undefined) return false;
    this.#detached.delete(request);
    this.freeBlocks += blocks;
    return true;
  }
}
