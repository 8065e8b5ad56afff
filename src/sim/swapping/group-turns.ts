/**
 * Instances on one group of processors compute in turns, in the order in which they asked, so many iterations each. One
 * that is alone runs as if the processors were its own. Models that are not runnable (their weights are not there) get none.
 */
import type { Instance } from "../cluster/instance.ts";
import type { ProcessorTurns } from "../engine/processor-turns.ts";

export interface TurnRules {
  /** Whether the instance may compute at all. */
  isRunnable(instance: Instance): boolean;
  isDelayed(instance: Instance): boolean;
  delaySeconds(instance: Instance, firstIterationSeconds: number): number;
  /** The instance has stopped at an iteration boundary because it is not runnable any more. */
  stopped(instance: Instance): void;
}

export class GroupTurns implements ProcessorTurns {
  readonly #rules: TurnRules;
  /** Iterations of a turn while others wait. */
  readonly #iterations: number;
  readonly #waiting: Instance[] = [];
  #current: Instance | undefined;

  readonly #now: () => number;
  #computedSeconds = 0;
  #computesSinceSeconds = 0;

  constructor(rules: TurnRules, iterations: number, now: () => number) {
    this.#rules = rules;
    this.#iterations = iterations;
    this.#now = now;
  }

  /** Seconds in which some instance had the turn, until now. */
  get computedSeconds(): number {
    return this.#computedSeconds + (this.#current === undefined ? 0 : this.#now() - this.#computesSinceSeconds);
  }

  claim(instance: Instance): number {
    const wasCurrent = this.#current === instance;
    if (!this.#rules.isRunnable(instance)) {
      this.#withdraw(instance);
      if (wasCurrent) {
        this.#pass(undefined);
        this.#rules.stopped(instance);
        // Whoever it had to give way to may have found another place meanwhile.
        const goesOn = this.#rules.isRunnable(instance);
        if (goesOn) this.#queue(instance);
        this.#next(goesOn ? instance : undefined);
      }
      return this.#granted(instance);
    }
    if (wasCurrent) {
      if (this.#waiting.length === 0) return Number.POSITIVE_INFINITY;
      this.#waiting.push(instance);
      this.#pass(undefined);
      this.#next(instance);
      return this.#granted(instance);
    }
    const isNext = this.#waiting.length === 0 || this.#waiting[0] === instance;
    if (this.#current === undefined && isNext) {
      this.#waiting.shift();
      this.#pass(instance);
    } else this.#queue(instance);
    return this.#granted(instance);
  }

  release(instance: Instance): void {
    if (this.#current !== instance) return;
    this.#pass(undefined);
    this.#next();
  }

  isDelayed(instance: Instance): boolean {
    return this.#rules.isDelayed(instance);
  }

  delaySeconds(instance: Instance, firstIterationSeconds: number): number {
    return this.#rules.delaySeconds(instance, firstIterationSeconds);
  }

  /** Whether the instance is in the middle of a stretch. */
  isComputing(instance: Instance): boolean {
    return this.#current === instance;
  }

  #pass(instance: Instance | undefined): void {
    if (this.#current === undefined) this.#computesSinceSeconds = this.#now();
    else if (instance === undefined) this.#computedSeconds += this.#now() - this.#computesSinceSeconds;
    this.#current = instance;
  }

  #granted(instance: Instance): number {
    if (this.#current !== instance) return 0;
    return this.#waiting.length === 0 ? Number.POSITIVE_INFINITY : this.#iterations;
  }

  #queue(instance: Instance): void {
    if (this.#waiting.includes(instance)) return;
    this.#waiting.push(instance);
    if (this.#waiting.length === 1) this.#current?.engine.turnTaker?.yieldTurn();
  }

  #withdraw(instance: Instance): void {
    const place = this.#waiting.indexOf(instance);
    if (place >= 0) this.#waiting.splice(place, 1);
  }

  /** Gives the turn to whoever waits longest and has something to run. Only others are told; `claimant` asks just now. */
  #next(claimant?: Instance): void {
    while (this.#current === undefined && this.#waiting.length > 0) {
      const [first] = this.#waiting;
      if (first === claimant) {
        this.#waiting.shift();
        this.#pass(claimant);
      } else {
        first.engine.turnTaker?.resume();
        // It had nothing that it could run.
        if (this.#current !== first) this.#withdraw(first);
      }
    }
  }
}
