/** How far V8 inlines functions into each other. */
import { setFlagsFromString } from "node:v8";

/** A sweep of so many runs is expected to simulate for longer than the compiler takes. */
export const MANY_RUNS = 100;

/**
 * For processes that simulate for seconds: from now on the compiler may inline four times as much bytecode into a function
 * as by default. An engine's events are worked off by many small methods, and a warm simulation is 10-15 % faster
 * (`splitwise-mixed_pool`: 39 -> 34.5 ms); compiling takes 0.2 s of CPU longer, which a single run does not earn. Of the
 * whole process, workers included.
 */
export function inlineDeeply(): void {
  setFlagsFromString("--max-inlined-bytecode-size-cumulative=4000");
}
