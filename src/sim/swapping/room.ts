/** Where there is room for a model, and who would have to leave for it. */
import type { EvictionPolicy } from "./eviction/eviction-policy.ts";
import type { ProcessorGroup } from "./processor-group.ts";
import type { Residency } from "./served-model.ts";

export class Room {
  /** Models that were told to hold and have not come to an iteration boundary, or whose KV caches are on their way. */
  readonly holding = new Set<Residency>();
  readonly #eviction: EvictionPolicy;

  constructor(eviction: EvictionPolicy) {
    this.#eviction = eviction;
  }

  /** Free bytes, once idle models have left. */
  availableBytes(group: ProcessorGroup): number {
    return group.freeBytes + this.#idleBytes(group, undefined);
  }

  /** Whether the model fits there, once idle models have left. */
  isFor(residency: Residency): boolean {
    const { group } = residency;
    const missing = residency.missingBytes - group.freeBytes;
    return missing <= 0 || this.#idleBytes(group, residency) >= missing;
  }

  /** Residencies whose leaving makes room, idle ones first, each kind in the policy's order. */
  victims(residency: Residency, includesBusy: boolean): Residency[] {
    const { group } = residency;
    const eviction = this.#eviction;
    let missing = residency.missingBytes - group.freeBytes;
    if (missing <= 0 || eviction.isNever) return [];
    const candidates = [...group.present]
      .filter((each) => each !== residency && this.#isEvictable(each) && (includesBusy || !each.isAtWork))
      .map((each) => ({
        each,
        busy: each.isAtWork ? 1 : 0,
        rank: eviction.rank(each),
        tie: eviction.tie?.(each) ?? 0,
      }))
      .sort(
        (a, b) =>
          a.busy - b.busy ||
          compare(a.rank, b.rank) ||
          a.tie - b.tie ||
          a.each.lastUseSeconds - b.each.lastUseSeconds ||
          a.each.model.index - b.each.model.index,
      );
    const victims: Residency[] = [];
    for (const { each } of candidates) {
      if (missing <= 0) break;
      victims.push(each);
      missing -= each.leavingBytes;
    }
    return victims;
  }

  #idleBytes(group: ProcessorGroup, but: Residency | undefined): number {
    if (this.#eviction.isNever) return 0;
    let bytes = 0;
    for (const residency of group.present) {
      if (residency !== but && this.#isEvictable(residency) && !residency.isAtWork) bytes += residency.leavingBytes;
    }
    return bytes;
  }

  #isEvictable(residency: Residency): boolean {
    const { state, model, share } = residency;
    if (model.isPinned || share.weightBytes === 0 || this.holding.has(residency)) return false;
    return state === "ready" || state === "held";
  }
}

/** Infinities are equal to themselves. */
function compare(a: number, b: number): number {
  return a === b ? 0 : a - b;
}
