/** Finds blocks by their content: a hash table of chained blocks in typed arrays. */

const NONE = -1;
/** Fields of a block: what it holds (see PrefixKeys), and the next block of its bucket. */
const OWNER = 0;
const PLACE = 1;
const NEXT = 2;
const IS_INDEXED = 3;
const FIELDS = 4;

/**
 * Blocks of equal content are not merged: a bucket's chain is in the order of adding, so the one that came first is found,
 * and the next one when that is gone. At least two buckets per block; all operations O(1) expected.
 */
export class BlockIndex {
  readonly #mask: number;
  /** First block of each bucket. */
  readonly #heads: Int32Array;
  /** Fields of all blocks, those of a block side by side. */
  readonly #blocks: Int32Array;

  /** For blocks 0 to `blocks` - 1. */
  constructor(blocks: number) {
    const buckets = 2 ** Math.ceil(Math.log2(2 * blocks));
    this.#mask = buckets - 1;
    this.#heads = new Int32Array(buckets).fill(NONE);
    this.#blocks = new Int32Array(FIELDS * blocks);
  }

  /** The block that came first among those of this content; -1 if there is none. */
  find(owner: number, place: number): number {
    const blocks = this.#blocks;
    let block = this.#heads[this.#bucketOf(owner, place)];
    while (block !== NONE && (blocks[FIELDS * block + OWNER] !== owner || blocks[FIELDS * block + PLACE] !== place)) {
      block = blocks[FIELDS * block + NEXT];
    }
    return block;
  }

  /** The block must not be in the index. */
  add(block: number, owner: number, place: number): void {
    const blocks = this.#blocks;
    const fields = FIELDS * block;
    blocks[fields + OWNER] = owner;
    blocks[fields + PLACE] = place;
    blocks[fields + NEXT] = NONE;
    blocks[fields + IS_INDEXED] = 1;
    const bucket = this.#bucketOf(owner, place);
    let last = this.#heads[bucket];
    if (last === NONE) {
      this.#heads[bucket] = block;
      return;
    }
    while (blocks[FIELDS * last + NEXT] !== NONE) last = blocks[FIELDS * last + NEXT];
    blocks[FIELDS * last + NEXT] = block;
  }

  /** Nothing happens for a block that is not in the index. */
  remove(block: number): void {
    const blocks = this.#blocks;
    const fields = FIELDS * block;
    if (blocks[fields + IS_INDEXED] === 0) return;
    blocks[fields + IS_INDEXED] = 0;
    const bucket = this.#bucketOf(blocks[fields + OWNER], blocks[fields + PLACE]);
    let other = this.#heads[bucket];
    if (other === block) {
      this.#heads[bucket] = blocks[fields + NEXT];
      return;
    }
    while (blocks[FIELDS * other + NEXT] !== block) other = blocks[FIELDS * other + NEXT];
    blocks[FIELDS * other + NEXT] = blocks[fields + NEXT];
  }

  #bucketOf(owner: number, place: number): number {
    // Odd multipliers spread neighbouring owners and places; the finalizer of MurmurHash3 mixes their high bits down.
    let hash = Math.imul(owner, 0x9e3779b1) ^ Math.imul(place, 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 16), 0xc2b2ae35);
    return (hash ^ (hash >>> 15)) & this.#mask;
  }
}
