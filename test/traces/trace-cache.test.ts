import { describe, expect, it } from "vitest";
import { plainTrace } from "../../src/traces/plain-trace.ts";
import { TraceCache } from "../../src/traces/trace-cache.ts";

function traceOf(requests: number) {
  return plainTrace({
    arrivalSeconds: new Float64Array(requests),
    promptTokens: new Int32Array(requests).fill(1),
    outputTokens: new Int32Array(requests).fill(1),
    source: "test",
  });
}

/** The keys that had to be loaded, in order, when they are asked for in turn. */
function loaded(cache: TraceCache, keys: readonly (readonly [string, number])[]): string {
  const loads: string[] = [];
  for (const [key, requests] of keys) {
    const trace = cache.get(key, () => {
      loads.push(key);
      return traceOf(requests);
    });
    expect(trace.count).toBe(requests);
  }
  return loads.join("");
}

describe("a cache of traces", () => {
  it("loads what it holds once", () => {
    expect(loaded(new TraceCache(10), [...["a", "b", "a", "b", "a"].map((key) => [key, 5] as const)])).toBe("ab");
  });

  it("lets go of those not used for longest when a new one has no room", () => {
    const cache = new TraceCache(10);
    loaded(cache, [
      ["a", 3],
      ["b", 3],
      ["c", 3],
      ["a", 3],
    ]);
    expect(loaded(cache, [["d", 5]])).toBe("d");
    expect(
      loaded(cache, [
        ["a", 3],
        ["d", 5],
      ]),
    ).toBe("");
    expect(loaded(cache, [["b", 3]])).toBe("b");
  });

  it("does not hold a trace larger than all of its room, nor drop others for it", () => {
    const cache = new TraceCache(10);
    expect(
      loaded(cache, [
        ["a", 3],
        ["z", 11],
        ["z", 11],
        ["a", 3],
      ]),
    ).toBe("azz");
  });
});
