import type { Trace } from "../sim/workload/trace.ts";

/** Keeps the traces used last, up to so many requests in all; a trace costs about 40 bytes per request. */
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
    if (trace.count > this.#largestRequests) return trace;
    for (const [oldest, { count }] of this.#traces) {
      if (this.#requests + trace.count <= this.#largestRequests) break;
      this.#traces.delete(oldest);
      this.#requests -= count;
    }
    this.#traces.set(key, trace);
    this.#requests += trace.count;
    return trace;
  }
}
