import type { Trace } from "../sim/workload/trace.ts";

/** A request takes about 40 bytes, a block of its prompt 4. */
const BLOCKS_PER_REQUEST = 10;

/** Keeps the traces used last, up to so many requests in all; blocks of prompts count as the requests that they weigh. */
export class TraceCache {
  readonly #largestRequests: number;
  readonly #traces = new Map<string, Trace>();
  #requests = 0;

  constructor(largestRequests: number) {
    this.#largestRequests = largestRequests;
  }

  /** The trace of this key: a kept one, or a loaded one. Its columns are shared, and must not be written. */
  get(key: string, load: () => Trace): Trace {
    const known = this.#traces.get(key);
    if (known !== undefined) {
      // Maps keep the order of insertion: what was used last goes to the end.
      this.#traces.delete(key);
      this.#traces.set(key, known);
      return known;
    }
    const trace = load();
    const weight = weightOf(trace);
    if (weight > this.#largestRequests) return trace;
    for (const [oldest, old] of this.#traces) {
      if (this.#requests + weight <= this.#largestRequests) break;
      this.#traces.delete(oldest);
      this.#requests -= weightOf(old);
    }
    this.#traces.set(key, trace);
    this.#requests += weight;
    return trace;
  }
}

function weightOf({ count, prefixBlocks }: Trace): number {
  return count + (prefixBlocks?.ids.length ?? 0) / BLOCKS_PER_REQUEST;
}
