/** The contract between engines and processors that several instances share: who may compute next. */
import type { Instance } from "../cluster/instance.ts";

export interface ProcessorTurns {
  /**
   * Asked by an engine with work before every stretch of iterations: how many it may run now; 0: not now, and the engine's
   * `resume` is called once it may.
   */
  claim(instance: Instance): number;
  /** The instance has nothing that it could run. */
  release(instance: Instance): void;
  /** Whether the stretch about to start has a delay; asked after `claim`. */
  isDelayed(instance: Instance): boolean;
  /** Seconds by which it is longer (or, with a minus, shorter) than its iterations. */
  delaySeconds(instance: Instance, firstIterationSeconds: number): number;
}

/** What an engine that shares its processors offers to whoever gives the turns. */
export interface TurnTaker {
  /** Ends the running stretch at the next iteration boundary, where the engine claims anew. */
  yieldTurn(): void;
  /** The engine may claim again. */
  resume(): void;
  /** At an iteration boundary: requests with a KV cache here that is not complete, and tokens in it, together. */
  unfinishedContext(): { readonly requests: number; readonly tokens: number };
}
