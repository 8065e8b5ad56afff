/** How far V8 inlines functions into each other. */
import { setFlagsFromString } from "node:v8";

/**
 * For workers that simulate for long: from now on the compiler may inline four times as much bytecode into a function as by
 * default. An engine's events are worked off by many small methods, and a warm simulation is 10-15 % faster
 * (`splitwise-mixed_pool`: 39 -> 34.5 ms); until it is warm, a worker compiles for 0.3-0.5 s of CPU more. For the whole process;
 * what is compiled already stays as it is.
 */
export function inlineDeeply(): void {
  setFlagsFromString("--max-inlined-bytecode-size-cumulative=4000");
}

/** Before that, how long runs take says little about those to come. */
const WARM_UP_SECONDS = 1;
/** What each worker must have before it, as new workers have to warm up once more. */
const LONG_SECONDS = 20;

/** Says for each batch whether what is left of the sweep is worth new workers that inline deeply; yes at most once. */
export function createInliningDecision(workers: number): (runs: number, seconds: number, left: number) => boolean {
  const start = performance.now();
  let isDecided = false;
  return (runs, seconds, left) => {
    const elapsedSeconds = (performance.now() - start) / 1000;
    if (isDecided || elapsedSeconds < WARM_UP_SECONDS || ((seconds / runs) * left) / workers < LONG_SECONDS)
      return false;
    isDecided = true;
    return true;
  };
}
