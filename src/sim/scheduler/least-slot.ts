/** Keys in slots, and the leftmost slot with the least of them. */

const BLOCK_SLOTS_LOG2 = 5;
const BLOCK_SLOTS = 2 ** BLOCK_SLOTS_LOG2;

/**
 * Setting a key costs O(1). A question looks again at the blocks of 32 slots with a changed key, and at one slot of every
 * other block: with 1,000 slots and a few changes in between some 100 looks instead of 1,000. A tournament tree made runs
 * with 40 instances 15 % slower, because keys change several times per question.
 */
export class LeastSlot {
  readonly slots: number;
  readonly #keys: Float64Array;
  /** By block, the leftmost slot with its least key, unless a key has changed since. */
  readonly #leastOfBlock: Int32Array;
  readonly #isStale: Uint8Array;

  /** All keys are infinite at first. */
  constructor(slots: number) {
    this.slots = slots;
    this.#keys = new Float64Array(slots).fill(Number.POSITIVE_INFINITY);
    const blocks = Math.ceil(slots / BLOCK_SLOTS);
    this.#leastOfBlock = new Int32Array(blocks);
    this.#isStale = new Uint8Array(blocks).fill(1);
  }

  set(slot: number, key: number): void {
    this.#keys[slot] = key;
    this.#isStale[slot >> BLOCK_SLOTS_LOG2] = 1;
  }

  /** -1 if all keys are infinite. */
  least(): number {
    const keys = this.#keys;
    const leastOfBlock = this.#leastOfBlock;
    let least = -1;
    let leastKey = Number.POSITIVE_INFINITY;
    for (let block = 0; block < leastOfBlock.length; block++) {
      if (this.#isStale[block] === 1) this.#lookAt(block);
      const slot = leastOfBlock[block];
      const key = keys[slot];
      if (key < leastKey) {
        least = slot;
        leastKey = key;
      }
    }
    return least;
  }

  #lookAt(block: number): void {
    const keys = this.#keys;
    const first = block << BLOCK_SLOTS_LOG2;
    const end = Math.min(first + BLOCK_SLOTS, this.slots);
    let least = first;
    let leastKey = keys[first];
    for (let slot = first + 1; slot < end; slot++) {
      const key = keys[slot];
      if (key < leastKey) {
        least = slot;
        leastKey = key;
      }
    }
    this.#leastOfBlock[block] = least;
    this.#isStale[block] = 0;
  }
}
