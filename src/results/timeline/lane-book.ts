/** Lanes for what overlaps: an owner has as many as it ever needs at a time. */
export class LaneBook {
  /** By owner: when each of its lanes is free again. */
  readonly #free = new Map<number, number[]>();

  /** The first of the owner's lanes that is free, from 0 on. To be asked in the order of the starts. */
  place(owner: number, startSeconds: number, endSeconds: number): number {
    const lanes = this.#free.get(owner) ?? [];
    this.#free.set(owner, lanes);
    const open = lanes.findIndex((seconds) => seconds <= startSeconds);
    const number = open < 0 ? lanes.length : open;
    lanes[number] = endSeconds;
    return number;
  }

  lanesOf(owner: number): number {
    return this.#free.get(owner)?.length ?? 0;
  }

  /** Ascending. */
  get owners(): number[] {
    return [...this.#free.keys()].sort((a, b) => a - b);
  }
}
