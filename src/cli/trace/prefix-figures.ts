/** How much of the prompts of a trace a prefix cache could spare. */
import type { PrefixBlocks, Trace } from "../../sim/workload/trace.ts";

/** Sizes of the caches that are tried, in blocks. */
const CACHE_BLOCKS = [1000, 5000, 10_000, 30_000, 50_000] as const;

export interface PrefixFigures {
  readonly block_tokens: number;
  readonly blocks: number;
  readonly distinct_blocks: number;
  readonly single_use_blocks: number;
  /** Shares of all blocks, and of all prompt tokens, that an infinite cache has when their request arrives. */
  readonly hit_share_of_blocks: number;
  readonly hit_share_of_tokens: number;
  readonly requests_with_hit: number;
  /** Shares of all blocks that a cache of so many blocks has. */
  readonly lru: readonly { readonly cache_blocks: number; readonly hit_share_of_blocks: number }[];
}

/**
 * Requests in order of arrival, one after the other. A hit is a block of the longest prefix that is there; then all blocks of
 * the request, in order, become the most recent ones. Undefined if the trace does not say which prompts begin alike.
 */
export function prefixFigures(trace: Trace): PrefixFigures | undefined {
  if (trace.prefixBlocks === undefined) return undefined;
  const { blockTokens, offsets } = trace.prefixBlocks;
  const { ids, uses } = dense(trace.prefixBlocks);
  const order = rowsByArrival(trace);
  const everything = hitsPerRow(new LruBlocks(uses.length, uses.length), order, offsets, ids);
  const total = ids.length;
  let hits = 0;
  let hitTokens = 0;
  let requestsWithHit = 0;
  for (let row = 0; row < trace.count; row++) {
    hits += everything[row];
    hitTokens += Math.min(everything[row] * blockTokens, trace.promptTokens[row]);
    if (everything[row] > 0) requestsWithHit++;
  }
  const lru = CACHE_BLOCKS.map((cacheBlocks) => {
    const perRow = hitsPerRow(new LruBlocks(cacheBlocks, uses.length), order, offsets, ids);
    return { cache_blocks: cacheBlocks, hit_share_of_blocks: sum(perRow) / total };
  });
  return {
    block_tokens: blockTokens,
    blocks: total,
    distinct_blocks: uses.length,
    single_use_blocks: uses.filter((count) => count === 1).length,
    hit_share_of_blocks: hits / total,
    hit_share_of_tokens: hitTokens / sum(trace.promptTokens),
    requests_with_hit: requestsWithHit,
    lru,
  };
}

/** Ids numbered from 0 in order of appearance, and how often each is there. */
function dense({ ids }: PrefixBlocks): { readonly ids: Int32Array; readonly uses: Int32Array } {
  const numbers = new Map<number, number>();
  const uses = new Int32Array(ids.length);
  const renumbered = ids.map((id) => {
    let number = numbers.get(id);
    if (number === undefined) {
      number = numbers.size;
      numbers.set(id, number);
    }
    uses[number]++;
    return number;
  });
  return { ids: renumbered, uses: uses.slice(0, numbers.size) };
}

function hitsPerRow(cache: LruBlocks, order: Int32Array, offsets: Int32Array, ids: Int32Array): Int32Array {
  const hits = new Int32Array(order.length);
  for (const row of order) {
    const end = offsets[row + 1];
    let block = offsets[row];
    while (block < end && cache.has(ids[block])) block++;
    hits[row] = block - offsets[row];
    for (block = offsets[row]; block < end; block++) cache.use(ids[block]);
  }
  return hits;
}

function rowsByArrival({ arrivalSeconds, count }: Trace): Int32Array {
  const rows = Int32Array.from({ length: count }, (_, row) => row);
  return rows.sort((a, b) => arrivalSeconds[a] - arrivalSeconds[b] || a - b);
}

function sum(values: Int32Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

/** The blocks that were used last, in a list linked from the oldest to the newest. O(1) per use. */
class LruBlocks {
  readonly #capacity: number;
  readonly #newer: Int32Array;
  readonly #older: Int32Array;
  readonly #isHere: Uint8Array;
  /** Stands before the oldest block and after the newest. */
  readonly #end: number;
  #size = 0;

  constructor(capacity: number, blocks: number) {
    this.#capacity = capacity;
    this.#end = blocks;
    this.#newer = new Int32Array(blocks + 1).fill(blocks);
    this.#older = new Int32Array(blocks + 1).fill(blocks);
    this.#isHere = new Uint8Array(blocks);
  }

  has(block: number): boolean {
    return this.#isHere[block] === 1;
  }

  /** Makes the block the newest, in place of the oldest if there is no room. */
  use(block: number): void {
    if (this.#isHere[block] === 1) this.#unlink(block);
    else if (this.#size === this.#capacity) {
      const oldest = this.#newer[this.#end];
      this.#unlink(oldest);
      this.#isHere[oldest] = 0;
    } else this.#size++;
    const newest = this.#older[this.#end];
    this.#newer[newest] = block;
    this.#older[block] = newest;
    this.#newer[block] = this.#end;
    this.#older[this.#end] = block;
    this.#isHere[block] = 1;
  }

  #unlink(block: number): void {
    this.#newer[this.#older[block]] = this.#newer[block];
    this.#older[this.#newer[block]] = this.#older[block];
  }
}
