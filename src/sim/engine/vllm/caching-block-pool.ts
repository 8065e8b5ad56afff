/** A pool of blocks with prefix caching: a full block can be reused until it is taken for other content (vLLM V1). */
import { BlockIndex } from "./block-index.ts";
import type { BlockPool } from "./block-pool.ts";
import type { PrefixKeys } from "./prefix-keys.ts";
import type { RequestState } from "./request-state.ts";

/** End of the queue of free blocks; vLLM's null block, which nobody holds. */
const NULL_BLOCK = 0;

interface Detached {
  readonly slot: number;
  readonly blocks: number;
  readonly committed: number;
}

/**
 * Free blocks wait in a queue: taken from the front, returned to the back, a request's last block first, so that the
 * beginnings of prompts live longest. All operations are O(1) per block.
 */
export class CachingBlockPool implements BlockPool {
  readonly usableBlocks: number;
  freeBlocks: number;
  foundFreeBlocks = 0;
  readonly #state: RequestState;
  readonly #keys: PrefixKeys;
  readonly #blockTokens: number;
  readonly #index: BlockIndex;
  readonly #references: Int32Array;
  /** Neighbours in the queue of free blocks, by block. */
  readonly #nextFree: Int32Array;
  readonly #previousFree: Int32Array;
  /** Blocks of each slot's request, in order; entries beyond its held blocks are left over. */
  readonly #blocksOfSlot: Int32Array[] = [];
  readonly #freeSlots: number[] = [];
  #found = new Int32Array(64);
  #foundBlocks = 0;
  readonly #detached = new Map<number, Detached>();

  /** `blocks` without the null block. */
  constructor(blocks: number, blockTokens: number, state: RequestState, keys: PrefixKeys) {
    this.usableBlocks = blocks;
    this.freeBlocks = blocks;
    this.#blockTokens = blockTokens;
    this.#state = state;
    this.#keys = keys;
    this.#index = new BlockIndex(blocks + 1);
    this.#references = new Int32Array(blocks + 1);
    this.#nextFree = Int32Array.from({ length: blocks + 1 }, (_, block) => (block + 1) % (blocks + 1));
    this.#previousFree = Int32Array.from({ length: blocks + 1 }, (_, block) => (block + blocks) % (blocks + 1));
  }

  get detachedRequests(): number {
    return this.#detached.size;
  }

  grow(request: number, blocks: number): void {
    const { heldBlocks } = this.#state;
    const held = heldBlocks[request];
    const own = this.#roomFor(request, held + blocks);
    for (let index = held; index < held + blocks; index++) {
      const block = this.#nextFree[NULL_BLOCK];
      this.#leaveQueue(block);
      this.#index.remove(block);
      this.#references[block] = 1;
      own[index] = block;
    }
    heldBlocks[request] = held + blocks;
    this.freeBlocks -= blocks;
  }

  commit(request: number, tokens: number): void {
    const { committedBlocks, slot } = this.#state;
    const full = Math.floor(tokens / this.#blockTokens);
    const own = this.#blocksOfSlot[slot[request]];
    for (let place = committedBlocks[request]; place < full; place++) {
      this.#index.add(own[place], this.#keys.ownerOf(request, place), place);
    }
    if (full > committedBlocks[request]) committedBlocks[request] = full;
  }

  findPrefix(request: number, maxBlocks: number): number {
    if (this.#found.length < maxBlocks) this.#found = new Int32Array(2 * maxBlocks);
    let count = 0;
    let free = 0;
    while (count < maxBlocks) {
      const block = this.#index.find(this.#keys.ownerOf(request, count), count);
      if (block < 0) break;
      this.#found[count++] = block;
      if (this.#references[block] === 0) free++;
    }
    this.#foundBlocks = count;
    this.foundFreeBlocks = free;
    return count;
  }

  adoptPrefix(request: number): void {
    const count = this.#foundBlocks;
    const own = this.#roomFor(request, count);
    for (let place = 0; place < count; place++) {
      const block = this.#found[place];
      if (this.#references[block]++ === 0) this.#leaveQueue(block);
      own[place] = block;
    }
    this.freeBlocks -= this.foundFreeBlocks;
    this.#state.heldBlocks[request] = count;
    this.#state.committedBlocks[request] = count;
  }

  release(request: number): void {
    const { slot, heldBlocks } = this.#state;
    if (slot[request] < 0) return;
    this.#releaseSlot(slot[request], heldBlocks[request]);
    this.#forget(request);
  }

  detach(request: number): void {
    const { slot, heldBlocks, committedBlocks } = this.#state;
    this.#detached.set(request, {
      slot: slot[request],
      blocks: heldBlocks[request],
      committed: committedBlocks[request],
    });
    this.#forget(request);
  }

  reattach(request: number): boolean {
    const detached = this.#detached.get(request);
    if (detached === undefined) return false;
    this.#detached.delete(request);
    this.#state.slot[request] = detached.slot;
    this.#state.heldBlocks[request] = detached.blocks;
    this.#state.committedBlocks[request] = detached.committed;
    return true;
  }

  releaseDetached(request: number): boolean {
    const detached = this.#detached.get(request);
    if (detached === undefined) return false;
    this.#detached.delete(request);
    this.#releaseSlot(detached.slot, detached.blocks);
    return true;
  }

  #forget(request: number): void {
    this.#state.slot[request] = -1;
    this.#state.heldBlocks[request] = 0;
    this.#state.committedBlocks[request] = 0;
  }

  #releaseSlot(slot: number, blocks: number): void {
    const own = this.#blocksOfSlot[slot];
    for (let index = blocks - 1; index >= 0; index--) {
      const block = own[index];
      if (--this.#references[block] === 0) {
        this.#joinQueue(block);
        this.freeBlocks++;
      }
    }
    this.#freeSlots.push(slot);
  }

  /** The request's list of blocks, with room for so many. */
  #roomFor(request: number, blocks: number): Int32Array {
    const { slot } = this.#state;
    if (slot[request] < 0) slot[request] = this.#freeSlots.pop() ?? this.#blocksOfSlot.push(new Int32Array(64)) - 1;
    const own = this.#blocksOfSlot[slot[request]];
    if (own.length >= blocks) return own;
    const larger = new Int32Array(2 * blocks);
    larger.set(own);
    this.#blocksOfSlot[slot[request]] = larger;
    return larger;
  }

  #leaveQueue(block: number): void {
    const next = this.#nextFree[block];
    const previous = this.#previousFree[block];
    this.#nextFree[previous] = next;
    this.#previousFree[next] = previous;
  }

  #joinQueue(block: number): void {
    const last = this.#previousFree[NULL_BLOCK];
    this.#nextFree[last] = block;
    this.#previousFree[block] = last;
    this.#nextFree[block] = NULL_BLOCK;
    this.#previousFree[NULL_BLOCK] = block;
  }
}
