/** One engine's side of taking turns on processors that it shares. */
import type { Instance } from "../cluster/instance.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { ProcessorTurns } from "./processor-turns.ts";

export class Turn {
  /** The others are being asked; what they do meanwhile must not make this engine ask again. */
  isClaiming = false;
  readonly #turns: ProcessorTurns;
  readonly #instance: Instance;
  readonly #kernel: Kernel;
  /** Since when a batch waits for its turn; undefined if none does. */
  #pausedSinceSeconds: number | undefined = undefined;

  constructor(turns: ProcessorTurns, instance: Instance, kernel: Kernel) {
    this.#turns = turns;
    this.#instance = instance;
    this.#kernel = kernel;
  }

  /** A batch waits until it may go on. */
  get isPaused(): boolean {
    return this.#pausedSinceSeconds !== undefined;
  }

  /** Iterations that the next stretch may have; 0 if others compute now, and then a batch waits. */
  claim(hasBatch: boolean): number {
    this.isClaiming = true;
    const iterations = this.#turns.claim(this.#instance);
    this.isClaiming = false;
    if (iterations === 0 && hasBatch) this.#pausedSinceSeconds ??= this.#kernel.now;
    return iterations;
  }

  /** Seconds for which the batch waited. */
  endPause(): number {
    if (this.#pausedSinceSeconds === undefined) return 0;
    const seconds = this.#kernel.now - this.#pausedSinceSeconds;
    this.#pausedSinceSeconds = undefined;
    return seconds;
  }

  isDelayed(): boolean {
    return this.#turns.isDelayed(this.#instance);
  }

  /** A stretch may begin before its turn, while its weights arrive, but ends after it has begun. */
  delaySeconds(firstIterationSeconds: number): number {
    return Math.max(-firstIterationSeconds, this.#turns.delaySeconds(this.#instance, firstIterationSeconds));
  }

  release(): void {
    this.#turns.release(this.#instance);
  }
}
