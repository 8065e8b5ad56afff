/** Sees when an engine works for ever and gets nowhere. */
import { SimulationError } from "../../../errors.ts";

/** A prompt of a million tokens in chunks of eight needs fewer passes before its first token. */
const PASSES_WITHOUT_PROGRESS = 200_000;

export class LivelockWatch {
  #progress = -1;
  #passes = 0;

  /** Called at each pass. Errors: SimulationError `E_LIVELOCK`. */
  check(progress: number, nowSeconds: number, describe: () => string): void {
    if (progress !== this.#progress) {
      this.#progress = progress;
      this.#passes = 0;
    } else if (++this.#passes > PASSES_WITHOUT_PROGRESS) {
      throw new SimulationError(
        `E_LIVELOCK: ${PASSES_WITHOUT_PROGRESS} passes brought no request closer to its end. ${describe()}`,
        nowSeconds,
        { hint: "Requests preempt one another for ever: use more KV blocks, or scheduler_reserve_full_isl=true." },
      );
    }
  }
}
