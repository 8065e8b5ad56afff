/** Sees when an engine works for ever and gets nowhere. */
import { SimulationError } from "../../../errors.ts";

/** So many times the passes of the longest prompt, and some for short ones. */
const LONGEST_PROMPTS = 10;
const FEW_PASSES = 1000;

export class LivelockWatch {
  readonly #mostPasses: number;
  #progress = -1;
  #passes = 0;

  /** `promptPasses`: passes from the start of the longest request to its first token, if nobody preempts it. */
  constructor(promptPasses: number) {
    this.#mostPasses = FEW_PASSES + LONGEST_PROMPTS * promptPasses;
  }

  /** Called at each pass. Errors: SimulationError `E_LIVELOCK`. */
  check(progress: number, nowSeconds: number, describe: () => string): void {
    if (progress !== this.#progress) {
      this.#progress = progress;
      this.#passes = 0;
    } else if (++this.#passes > this.#mostPasses) {
      throw new SimulationError(
        `E_LIVELOCK: ${this.#mostPasses} passes brought no request closer to its end. ${describe()}`,
        nowSeconds,
        { hint: "Requests preempt one another for ever: use more KV blocks, or scheduler_reserve_full_isl=true." },
      );
    }
  }
}
