/** Counts the gaps between output tokens on one instance, a whole stretch of iterations at a time. */
import type { TokenGaps } from "../token-gaps.ts";

/**
 * A request that did not decode up to the start of a stretch waited since its last token: its first gap in the stretch is
 * longer by that. All other gaps are iterations, taken as equally long within a stretch.
 */
export class GapCounter {
  readonly #gaps: TokenGaps;
  /** Seconds that requests waited which joined with the running stretch, and how many waited so long: runs of equal waits. */
  readonly #waits: number[] = [];
  readonly #counts: number[] = [];
  #runs = 0;
  #joined = 0;

  constructor(gaps: TokenGaps) {
    this.#gaps = gaps;
  }

  /** A decode joins the stretch that is about to start, so many seconds after its request's last token. */
  join(waitedSeconds: number): void {
    if (waitedSeconds <= 0) return;
    this.#joined++;
    const last = this.#runs - 1;
    if (last >= 0 && this.#waits[last] === waitedSeconds) this.#counts[last]++;
    else {
      this.#waits[this.#runs] = waitedSeconds;
      this.#counts[this.#runs++] = 1;
    }
  }

  /**
   * A stretch of so many iterations, `seconds` in all, gave each of the decodes a token per iteration. Its first iteration
   * began `delaySeconds` after the decodes joined.
   */
  stretch(decodes: number, iterations: number, seconds: number, delaySeconds: number): void {
    // A request whose prefill yielded all its tokens may still have an empty task (SplitwiseSim).
    if (iterations === 0) return;
    const joined = this.#joined;
    const runs = this.#runs;
    this.#joined = 0;
    this.#runs = 0;
    if (decodes === 0) return;
    const iterationSeconds = seconds / iterations;
    for (let run = 0; run < runs; run++) {
      this.#gaps.add(this.#waits[run] + delaySeconds + iterationSeconds, this.#counts[run]);
    }
    const delayed = delaySeconds > 0 ? decodes - joined : 0;
    if (delayed > 0) this.#gaps.add(delaySeconds + iterationSeconds, delayed);
    const regular = decodes * iterations - joined - delayed;
    if (regular > 0) this.#gaps.add(iterationSeconds, regular);
  }
}
