/** Makes busy models give way at an iteration boundary. */
import type { Kernel, TimerId } from "../kernel/kernel.ts";
import type { GroupTurns } from "./group-turns.ts";
import type { ModelOrder, WaitingModel } from "./order/model-order.ts";
import type { ProcessorGroup } from "./processor-group.ts";
import type { ResidencyMoves } from "./residency-moves.ts";
import type { Room } from "./room.ts";
import type { Residency, ServedModel } from "./served-model.ts";
import type { SwappingParameters } from "./swapping.schema.ts";

export interface PreemptionParts {
  readonly kernel: Kernel;
  readonly settings: SwappingParameters;
  readonly models: readonly ServedModel[];
  readonly order: ModelOrder;
  readonly moves: ResidencyMoves;
  readonly room: Room;
  readonly turnsOf: (group: ProcessorGroup) => GroupTurns;
  /** The memory of a model that was told to hold is free for others; it wants to go on some time. */
  readonly onHeld: (residency: Residency) => void;
  /** Time to look again. */
  readonly onDue: () => void;
}

export class Preemption {
  readonly #parts: PreemptionParts;
  readonly #timer: TimerId;

  constructor(parts: PreemptionParts) {
    this.#parts = parts;
    this.#timer = parts.kernel.timer(parts.kernel.on(parts.onDue), 0);
  }

  /** Tells busy models to hold whose memory `arriving` needs, as soon as `waiting` may ask for it. */
  makeRoom(waiting: WaitingModel, arriving: Residency): void {
    const { kernel, settings, order, room } = this.#parts;
    if (settings.preemption === "none" || arriving.state === "ready") return;
    let nextSeconds = Number.POSITIVE_INFINITY;
    for (const victim of room.victims(arriving, true)) {
      if (!victim.isAtWork) continue;
      // Who has just been let in works for a while: none would get anywhere else.
      const least = Math.max(waiting.sinceSeconds, victim.readySinceSeconds) + settings.preempt_after;
      const at = order.preemptAtSeconds?.(victim, waiting) ?? least;
      if (at > kernel.now) nextSeconds = Math.min(nextSeconds, at);
      else if (this.#mayKeepKv(victim)) this.#hold(victim);
    }
    if (nextSeconds < Number.POSITIVE_INFINITY) kernel.arm(this.#timer, nextSeconds);
  }

  /** The model has come to an iteration boundary. */
  stopped(residency: Residency): void {
    const { moves, room, onHeld } = this.#parts;
    if (!room.holding.has(residency)) return;
    moves.clearKv(residency, () => {
      room.holding.delete(residency);
      onHeld(residency);
    });
  }

  /** The model is idle. Whether it was to hold at the boundary at which its work ended: then it is gone. */
  ended(residency: Residency): boolean {
    const { moves, room } = this.#parts;
    if (!room.holding.delete(residency)) return false;
    residency.state = "absent";
    moves.evict(residency);
    return true;
  }

  #hold(residency: Residency): void {
    const { moves, room, turnsOf } = this.#parts;
    const { instance, group } = residency;
    moves.hold(residency);
    room.holding.add(residency);
    if (turnsOf(group).isComputing(instance)) instance.engine.turnTaker?.yieldTurn();
    else this.stopped(residency);
  }

  /** Kept KV caches leave room for any one model, so that always one of them can go on. */
  #mayKeepKv({ group, share }: Residency): boolean {
    const { settings, models } = this.#parts;
    if (settings.preemption !== "keep") return true;
    let keptBytes = share.kvBytes;
    for (const each of group.present) if (each.state === "held") keptBytes += each.share.kvBytes;
    const largest = models.reduce((most, { neededBytes }) => Math.max(most, neededBytes), 0);
    return keptBytes + largest <= group.capacityBytes;
  }
}
