/** Chooses where a model is loaded, and loads it there in the place of others. */
import type { ModelPlacement } from "./placement/model-placement.ts";
import type { ProcessorGroup } from "./processor-group.ts";
import type { ResidencyMoves } from "./residency-moves.ts";
import type { Room } from "./room.ts";
import type { Residency, ServedModel } from "./served-model.ts";
import type { SwappingParameters } from "./swapping.schema.ts";

export interface LoadsParts {
  readonly settings: SwappingParameters;
  readonly moves: ResidencyMoves;
  readonly placement: ModelPlacement;
  readonly room: Room;
}

export class Loads {
  readonly #parts: LoadsParts;

  constructor(parts: LoadsParts) {
    this.#parts = parts;
  }

  /** Where the model may be and is not. */
  candidates(model: ServedModel): Residency[] {
    const allowed = this.#parts.placement.groupsFor(model);
    return model.residencies.filter(({ group, state }) => state === "absent" && allowed.includes(group));
  }

  /** The best of these where the model can be loaded right now, once idle models have left; of equals where it disturbs the least. */
  best(candidates: readonly Residency[], taken: ReadonlySet<ProcessorGroup>): Residency | undefined {
    const { placement, room } = this.#parts;
    let best: Residency | undefined;
    let bestRank = Number.POSITIVE_INFINITY;
    for (const residency of candidates) {
      const { group, model } = residency;
      if (taken.has(group) || !room.isFor(residency)) continue;
      const rank = placement.rank(model, group);
      if (best === undefined || rank < bestRank || (rank === bestRank && room.spares(residency, best))) {
        best = residency;
        bestRank = rank;
      }
    }
    return best;
  }

  /** The group where a model that fits nowhere should wait: none of `taken`, if there is another. */
  targetFor(model: ServedModel, taken: ReadonlySet<ProcessorGroup>): ProcessorGroup | undefined {
    const { placement } = this.#parts;
    const groups = placement.groupsFor(model);
    const open = groups.filter((group) => !taken.has(group));
    const [first, ...rest] = open.length > 0 ? open : groups;
    return rest.reduce(
      (best, group) => (placement.rank(model, group) < placement.rank(model, best) ? group : best),
      first,
    );
  }

  /** There is room for it, once idle models have left. */
  start(residency: Residency, isPrefetch: boolean): void {
    const { moves, room } = this.#parts;
    const victims = room.victims(residency, false);
    residency.group.quietly(() => {
      for (const victim of victims) moves.evict(victim);
      if (residency.share.weightBytes > 0) moves.resume(residency);
      else moves.load(residency, isPrefetch);
    });
  }
}
