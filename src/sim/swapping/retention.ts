/** How long idle models stay, where the eviction policy says so, and when they come back. */
import type { EventKind, Kernel } from "../kernel/kernel.ts";
import type { EvictionPolicy } from "./eviction/eviction-policy.ts";
import type { ResidencyMoves } from "./residency-moves.ts";
import type { Residency, ServedModel } from "./served-model.ts";

export interface RetentionParts {
  readonly kernel: Kernel;
  readonly models: readonly ServedModel[];
  readonly eviction: EvictionPolicy;
  readonly moves: ResidencyMoves;
  readonly comeBack: (model: ServedModel) => void;
  /** A model has left by itself. */
  readonly onLeft: (residency: Residency) => void;
}

export class Retention {
  readonly #parts: RetentionParts;
  readonly #numbers: ReadonlyMap<Residency, number>;
  readonly #leaveIfDue: EventKind;
  readonly #comeBack: EventKind;

  constructor(parts: RetentionParts) {
    this.#parts = parts;
    const { kernel, models, comeBack } = parts;
    const residencies = models.flatMap((model) => model.residencies);
    this.#numbers = new Map(residencies.map((residency, index) => [residency, index]));
    this.#leaveIfDue = kernel.on((index) => this.#leave(residencies[index]));
    this.#comeBack = kernel.on((index) => comeBack(models[index]));
  }

  /** The model has done its work. */
  idle(residency: Residency): void {
    const { kernel, eviction } = this.#parts;
    const { model } = residency;
    if (residency.state !== "ready") return;
    const prewarm = eviction.prewarmSeconds?.(model);
    this.#lookAgain(residency, prewarm === undefined ? this.#keepAliveSeconds(model) : 0);
    if (prewarm !== undefined && prewarm < this.#keepAliveSeconds(model)) {
      kernel.at(kernel.now + prewarm, this.#comeBack, model.index);
    }
  }

  /** The model has come, asked or unasked. */
  ready(residency: Residency): void {
    this.#lookAgain(residency, this.#keepAliveSeconds(residency.model));
  }

  #keepAliveSeconds(model: ServedModel): number {
    return this.#parts.eviction.keepAliveSeconds?.(model) ?? Number.POSITIVE_INFINITY;
  }

  #lookAgain(residency: Residency, afterSeconds: number): void {
    const { kernel } = this.#parts;
    if (residency.model.isPinned || afterSeconds === Number.POSITIVE_INFINITY) return;
    kernel.at(kernel.now + afterSeconds, this.#leaveIfDue, this.#numbers.get(residency) as number);
  }

  /** The time to stay has passed, if nothing has happened since. */
  #leave(residency: Residency): void {
    const { kernel, eviction, moves, onLeft } = this.#parts;
    const { model } = residency;
    if (residency.state !== "ready" || residency.isAtWork) return;
    // What comes back before its next request stays as long as others do.
    const leavesAtOnce = eviction.prewarmSeconds?.(model) !== undefined && !residency.isUnusedPrefetch;
    if (kernel.now < residency.idleSinceSeconds + (leavesAtOnce ? 0 : this.#keepAliveSeconds(model))) return;
    moves.evict(residency);
    onLeft(residency);
  }
}
