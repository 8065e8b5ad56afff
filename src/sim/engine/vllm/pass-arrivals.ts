/** When requests that were submitted reach the scheduler: at once, or at the passes that a list says. */
import { SimulationError } from "../../../errors.ts";

export class PassArrivals {
  readonly #queriesPerPass: readonly number[];
  /** Whether a pass without requests ends the run. */
  readonly #refusesIdlePasses: boolean;
  readonly #submitted: number[] = [];
  #admitted = 0;
  #nextPass = 0;

  constructor(queriesPerPass: readonly number[], refusesIdlePasses: boolean) {
    this.#queriesPerPass = queriesPerPass;
    this.#refusesIdlePasses = refusesIdlePasses;
  }

  get waiting(): number {
    return this.#submitted.length - this.#admitted;
  }

  submit(request: number): void {
    this.#submitted.push(request);
  }

  /** Hands over those that arrive at the pass that starts now; idle passes before it take no time. */
  admit(isIdle: boolean, nowSeconds: number, enqueue: (request: number) => void): void {
    let hasWork = !isIdle;
    while (this.waiting > 0) {
      const count = this.#queriesPerPass[this.#nextPass++] ?? 0;
      for (let index = 0; index < count; index++) enqueue(this.#submitted[this.#admitted++]);
      hasWork ||= count > 0;
      if (hasWork) return;
      if (this.#refusesIdlePasses) {
        throw new SimulationError(
          `E_STUCK: pass ${this.#nextPass - 1} has no request to run, and ${this.waiting} are still to arrive.`,
          nowSeconds,
          { hint: "Set engine.idle_pass=skip to let the clock go on to the next arrival." },
        );
      }
    }
  }

  /** Passes until the next one at which requests arrive, the present one included. */
  passesBeforeNext(): number {
    if (this.waiting === 0) return Number.POSITIVE_INFINITY;
    let pass = this.#nextPass;
    while (this.#queriesPerPass[pass] === 0) pass++;
    return pass - this.#nextPass + 1;
  }

  /** Passes that ran after the one that was admitted last. */
  skip(passes: number): void {
    this.#nextPass += passes;
  }
}
