/** Counts the gaps between output tokens on one instance, a whole stretch of iterations at a time. */
import type { TokenGaps } from "../token-gaps.ts";

/**
 * A request that did not decode up to the start of a stretch waited since its last token: its first gap in the stretch is
 * longer by that. All other gaps are iterations, taken as equally long within a stretch.
 */
export class GapCounter {
  readonly #gaps: TokenGaps;
  /** Seconds that each of the requests waited which joined with the running stretch. */
  #waits = new Float64Array(16);
  #joined = 0;

  constructor(gaps: TokenGaps) {
    this.#gaps = gaps;
  }

  /** A decode joins the stretch that is about to start, so many seconds after its request's last token. */
  join(waitedSeconds: number): void {
    if (waitedSeconds <= 0) return;
    if (this.#joined === this.#waits.length) {
      const larger = new Float64Array(2 * this.#joined);
      larger.set(this.#waits);
      this.#waits = larger;
    }
    this.#waits[this.#joined++] = waitedSeconds;
  }

  /**
   * A stretch of so many iterations, `seconds` in all, gave each of the decodes a token per iteration. Its first iteration
   * began `delaySeconds` after the decodes joined.
   */
  stretch(decodes: number, iterations: number, seconds: number, delaySeconds: number): void {
    // A request whose prefill yielded all its tokens may still have an empty task (SplitwiseSim).
    if (iterations === 0) return;
    const joined = this.#joined;
    this.#joined = 0;
    if (decodes === 0) return;
    const iterationSeconds = seconds / iterations;
    for (let index = 0; index < joined; index++) {
      this.#gaps.add(this.#waits[index] + delaySeconds + iterationSeconds, 1);
    }
    const delayed = delaySeconds > 0 ? decodes - joined : 0;
    if (delayed > 0) this.#gaps.add(delaySeconds + iterationSeconds, delayed);
    const regular = decodes * iterations - joined - delayed;
    if (regular > 0) this.#gaps.add(iterationSeconds, regular);
  }
}
