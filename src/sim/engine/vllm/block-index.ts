/** Finds blocks by their content: an open-addressing hash table over typed arrays. */

const EMPTY = -1;

/**
 * Keys are (owner, place); see PrefixKeys. Blocks of equal content are not merged: the one that came first is found,
 * and the next one when that is gone. Linear probing with at most half of the slots taken; all operations O(1) expected.
 */
export class BlockIndex {
  readonly #mask: number;
  /** Block in each slot. */
  readonly #slots: Int32Array;
  /** (owner, place) of each indexed block. */
  readonly #keys: Int32Array;
  /** Next block of equal content, by block. */
  readonly #next: Int32Array;
  readonly #isIndexed: Uint8Array;

  /** For blocks 0 to `blocks` - 1. */
  constructor(blocks: number) {
    const slots = 2 ** Math.ceil(Math.log2(2 * blocks + 2));
    this.#mask = slots - 1;
    this.#slots = new Int32Array(slots).fill(EMPTY);
    this.#keys = new Int32Array(2 * blocks);
    this.#next = new Int32Array(blocks).fill(EMPTY);
    this.#isIndexed = new Uint8Array(blocks);
  }

  /** The block that came first among those of this content; -1 if there is none. */
  find(owner: number, place: number): number {
    return this.#slots[this.#slotOf(owner, place)];
  }

  /** The block must not be in the index. */
  add(block: number, owner: number, place: number): void {
    this.#keys[2 * block] = owner;
    this.#keys[2 * block + 1] = place;
    this.#isIndexed[block] = 1;
    const slot = this.#slotOf(owner, place);
    let last = this.#slots[slot];
    if (last === EMPTY) {
      this.#slots[slot] = block;
      return;
    }
    while (this.#next[last] !== EMPTY) last = this.#next[last];
    this.#next[last] = block;
  }

  /** Nothing happens for a block that is not in the index. */
  remove(block: number): void {
    if (this.#isIndexed[block] === 0) return;
    this.#isIndexed[block] = 0;
    const slot = this.#slotOf(this.#keys[2 * block], this.#keys[2 * block + 1]);
    const next = this.#next[block];
    this.#next[block] = EMPTY;
    let other = this.#slots[slot];
    if (other === block) {
      if (next === EMPTY) this.#vacate(slot);
      else this.#slots[slot] = next;
      return;
    }
    while (this.#next[other] !== block) other = this.#next[other];
    this.#next[other] = next;
  }

  /** The slot of this content, or the empty one where it would go. */
  #slotOf(owner: number, place: number): number {
    const slots = this.#slots;
    const keys = this.#keys;
    let slot = this.#homeOf(owner, place);
    for (let block = slots[slot]; block !== EMPTY; block = slots[slot]) {
      if (keys[2 * block] === owner && keys[2 * block + 1] === place) break;
      slot = (slot + 1) & this.#mask;
    }
    return slot;
  }

  #homeOf(owner: number, place: number): number {
    // Odd multipliers spread neighbouring owners and places; the finalizer of MurmurHash3 mixes their high bits down.
    let hash = Math.imul(owner, 0x9e3779b1) ^ Math.imul(place, 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 16), 0xc2b2ae35);
    return (hash ^ (hash >>> 15)) & this.#mask;
  }

  /** Empties a slot and moves up the blocks after it that were displaced past it. */
  #vacate(slot: number): void {
    const slots = this.#slots;
    let hole = slot;
    let probe = (slot + 1) & this.#mask;
    for (let block = slots[probe]; block !== EMPTY; block = slots[probe]) {
      const home = this.#homeOf(this.#keys[2 * block], this.#keys[2 * block + 1]);
      if (((probe - home) & this.#mask) >= ((probe - hole) & this.#mask)) {
        slots[hole] = block;
        hole = probe;
      }
      probe = (probe + 1) & this.#mask;
    }
    slots[hole] = EMPTY;
  }
}
