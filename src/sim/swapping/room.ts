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
    let missing = residency.missingBytes - group.freeBytes;
    if (missing <= 0 || this.#eviction.isNever) return [];
    const candidates = [...group.present]
      .filter((each) => each !== residency && this.#isEvictable(each) && (includesBusy || !each.isAtWork))
      .sort((a, b) => Number(a.isAtWork) - Number(b.isAtWork) || this.#inOrder(a, b));
    const victims: Residency[] = [];
    for (const each of candidates) {
      if (missing <= 0) break;
      victims.push(each);
      missing -= each.leavingBytes;
    }
    return victims;
  }

  /**
   * Whether a load of `one` disturbs less than one of `other`: idle models need not leave, or the policy would rather lose
   * those; where none need leave, more memory is free.
   */
  spares(one: Residency, other: Residency): boolean {
    const [leaves] = this.victims(one, false);
    const [otherLeaves] = this.victims(other, false);
    if (leaves === undefined && otherLeaves === undefined) return one.group.freeBytes > other.group.freeBytes;
    if (leaves === undefined || otherLeaves === undefined) return leaves === undefined;
    return this.#inOrder(leaves, otherLeaves) < 0;
  }

  /** Negative if the policy would rather lose `a`. */
  #inOrder(a: Residency, b: Residency): number {
    const eviction = this.#eviction;
    return (
      compare(eviction.rank(a), eviction.rank(b)) ||
      (eviction.tie?.(a) ?? 0) - (eviction.tie?.(b) ?? 0) ||
      a.lastUseSeconds - b.lastUseSeconds ||
      a.model.index - b.model.index
    );
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
