import { describe, expect, test } from "vitest";
import type { Instance } from "../../../src/sim/cluster/instance.ts";
import { schedulers } from "../../../src/sim/scheduler/index.ts";
import type { BoundPlacement } from "../../../src/sim/scheduler/scheduler.ts";
import { SCHEDULER_PARAMETERS, type StubLoad, schedulerContext, stubInstance } from "./stub-instances.ts";

/** A scheduler with one instance per load; `place` answers with the indices of the chosen instances. */
function started(target: string, loads: readonly StubLoad[], context = schedulerContext()) {
  const definition = schedulers.find(({ targets }) => targets.includes(target));
  if (definition === undefined) throw new Error(`no scheduler ${target}`);
  const scheduler = definition.create(context, SCHEDULER_PARAMETERS);
  const instances = loads.map((load, index) => stubInstance(index, load));
  for (const instance of instances) scheduler.addInstance(instance);
  const place = (request = 0): [prefill: number, decode: number] => {
    const { prefill, decode } = scheduler.place(request) as BoundPlacement;
    return [prefill.index, decode.index];
  };
  return { scheduler, instances, place };
}

const tokensOf = (instances: readonly Instance[]) => instances.map(({ pendingTokens }) => pendingTokens);

describe("round_robin", () => {
  test("serves the instances in turn, whatever their load", () => {
    const { place } = started("schedulers.RoundRobin", [{ pendingRequests: 9, pendingTokens: 9 }, {}, {}]);
    expect([1, 2, 3, 4, 5].map(() => place()[0])).toEqual([0, 1, 2, 0, 1]);
  });

  test("takes an instance that starts later into the round", () => {
    const { scheduler, place } = started("schedulers.RoundRobin", [{}, {}]);
    place();
    scheduler.addInstance(stubInstance(2));
    expect([1, 2, 3].map(() => place()[0])).toEqual([1, 2, 0]);
  });
});

describe("random", () => {
  test("asks its stream for one of as many choices as there are instances, once per request", () => {
    const counts: number[] = [];
    const draws = [2, 0, 1];
    const context = schedulerContext((count) => {
      counts.push(count);
      return draws[counts.length - 1];
    });
    const { place } = started("schedulers.Random", [{}, {}, {}], context);
    expect([place(), place(), place()]).toEqual([
      [2, 2],
      [0, 0],
      [1, 1],
    ]);
    expect(counts).toEqual([3, 3, 3]);
  });
});

describe("jsq", () => {
  test("takes the instance with the fewest unfinished requests, however many tokens they have", () => {
    const { place } = started("schedulers.Jsq", [
      { pendingRequests: 3 },
      { pendingRequests: 1, pendingTokens: 9999 },
      { pendingRequests: 2 },
    ]);
    expect(place()).toEqual([1, 1]);
  });

  test("takes the first of equal ones", () => {
    const loads = [2, 1, 1].map((pendingRequests) => ({ pendingRequests }));
    expect(started("schedulers.Jsq", loads).place()).toEqual([1, 1]);
  });
});

describe("token_jsq", () => {
  test("takes the instance with the fewest tokens, however many requests they are", () => {
    const { place } = started("schedulers.TokenJsq", [
      { pendingTokens: 30 },
      { pendingTokens: 10, pendingRequests: 9 },
      { pendingTokens: 20 },
    ]);
    expect(place()).toEqual([1, 1]);
  });

  test("counts the prompt and one decode on the chosen instance at once, so that a burst spreads", () => {
    const { instances, place } = started("schedulers.TokenJsq", [{}, { pendingTokens: 5 }, { pendingTokens: 12 }]);
    expect([place()[0], place()[0], place()[0]]).toEqual([0, 1, 0]);
    expect(tokensOf(instances)).toEqual([22, 16, 12]);
  });
});

const POOLS: readonly StubLoad[] = [{ tag: "prompt" }, { tag: "token" }, { tag: "prompt" }, { tag: "token" }];

describe("kv_round_robin", () => {
  test("takes prefill and decode instances in turn, independently of each other", () => {
    const { place } = started("schedulers.KvRoundRobin", [...POOLS, { tag: "token" }]);
    expect([1, 2, 3, 4].map(() => place())).toEqual([
      [0, 1],
      [2, 3],
      [0, 4],
      [2, 1],
    ]);
  });
});

describe.each(["schedulers.KvJsq", "schedulers.OverlapKvJsq"])("%s", (target) => {
  test("takes the instance with the fewest unfinished requests in each pool, the first of equal ones", () => {
    const { place } = started(target, [
      { tag: "prompt", pendingRequests: 2 },
      { tag: "prompt", pendingRequests: 1 },
      { tag: "prompt", pendingRequests: 1 },
      { tag: "token", pendingRequests: 5 },
      { tag: "token", pendingRequests: 4 },
    ]);
    expect(place()).toEqual([1, 4]);
  });
});

describe.each(["schedulers.KvTokenJsq", "schedulers.OverlapKvTokenJsq"])("%s", (target) => {
  test("counts the prompt in one pool and the decode in the other, so that a burst spreads", () => {
    const { instances, place } = started(target, POOLS);
    expect([place(), place(), place()]).toEqual([
      [0, 1],
      [2, 3],
      [0, 1],
    ]);
    expect(tokensOf(instances)).toEqual([20, 2, 10, 1]);
  });

  test("as SplitwiseSim ships it, counts nothing: a burst stays on the first instances", () => {
    const { instances, place } = started(target, POOLS, schedulerContext(undefined, "as_shipped"));
    expect([place(), place()]).toEqual([
      [0, 1],
      [0, 1],
    ]);
    expect(tokensOf(instances)).toEqual([0, 0, 0, 0]);
  });
});

describe("bandwidth of transfers", () => {
  const speedup = (target: string, variant: "counted" | "as_shipped") =>
    schedulers.find(({ targets }) => targets[0] === target)?.transferSpeedup?.(variant) ?? 1;

  test("is ten times as high where transfers overlap with their prefill", () => {
    expect(speedup("schedulers.OverlapKvJsq", "counted")).toBe(10);
    expect(speedup("schedulers.OverlapKvTokenJsq", "counted")).toBe(10);
    expect(speedup("schedulers.KvJsq", "counted")).toBe(1);
    expect(speedup("schedulers.MixedPool", "counted")).toBe(1);
  });

  test("of kv_token_jsq is that of the overlapping class only as SplitwiseSim ships it", () => {
    expect(speedup("schedulers.KvTokenJsq", "counted")).toBe(1);
    expect(speedup("schedulers.KvTokenJsq", "as_shipped")).toBe(10);
  });
});

// Rules of SplitwiseSim's mixed pool. Every request has 10 prompt tokens and 16 tokens of KV cache at its decode; an
// instance has 1,000 bytes, and takes no further prompt above 100 pending tokens while something waits there.
describe("mixed_pool", () => {
  const OVERLOADED = { pendingTasks: 1, pendingTokens: 91 };
  const FULL = { committedBytes: 984 };

  test("prefills where the fewest tokens are pending and decodes where the least memory is promised", () => {
    const { place } = started("schedulers.MixedPool", [
      { tag: "prompt", pendingTokens: 20 },
      { tag: "prompt", pendingTokens: 10 },
      { tag: "token", committedBytes: 20, pendingTokens: 0 },
      { tag: "token", committedBytes: 10, pendingTokens: 50 },
    ]);
    expect(place()).toEqual([1, 3]);
  });

  test("promises the prompt's KV cache to the prefill instance and all of it to the decode instance, and counts tokens", () => {
    const { instances, place } = started("schedulers.MixedPool", [{ tag: "prompt" }, { tag: "token" }]);
    place();
    expect(instances.map(({ committedBytes }) => committedBytes)).toEqual([11, 16]);
    expect(tokensOf(instances)).toEqual([10, 1]);
  });

  test("a prefill instance is overloaded above the limit of tokens, if something waits there", () => {
    for (const [load, prefill] of [
      [{ pendingTasks: 1, pendingTokens: 90 }, 0],
      [{ pendingTasks: 1, pendingTokens: 91 }, 1],
      [{ pendingTasks: 0, pendingTokens: 91 }, 0],
    ] as const) {
      const { place } = started("schedulers.MixedPool", [{ tag: "prompt", ...load }, { tag: "token" }]);
      expect(place()[0]).toBe(prefill);
    }
  });

  test("a decode instance is overloaded when the request would fill its memory or more", () => {
    for (const [committedBytes, decode] of [
      [983, 1],
      [984, 0],
    ]) {
      const { place } = started("schedulers.MixedPool", [{ tag: "prompt" }, { tag: "token", committedBytes }]);
      expect(place()[1]).toBe(decode);
    }
  });

  test("an instance taken from its pool serves both phases afterwards, until it is idle", () => {
    const { scheduler, instances, place } = started("schedulers.MixedPool", [
      { tag: "prompt", ...OVERLOADED },
      { tag: "token", pendingTokens: 2 },
      { tag: "token", pendingTokens: 1 },
    ]);
    // No prefill instance: the decode instance with the fewest tokens is taken out of its pool. It was also the decode
    // instance with the least memory promised after 1, which is the first.
    expect(place()).toEqual([2, 1]);
    // The mixed pool now takes the prompts.
    expect(place()[0]).toBe(2);
    scheduler.instanceIdle?.(instances[2]);
    instances[1].committedBytes = 500;
    instances[2].committedBytes = 0;
    // Back home: it is the decode pool's least loaded one, and gets taken anew for the prompt.
    expect(place()[1]).toBe(2);
  });

  test("an instance that went back to its pool takes no prompts before those with fewer tokens", () => {
    const { scheduler, instances, place } = started("schedulers.MixedPool", [
      { tag: "prompt", ...OVERLOADED },
      { tag: "token", pendingTokens: 2 },
      { tag: "token", pendingTokens: 1 },
    ]);
    expect(place()[0]).toBe(2);
    scheduler.instanceIdle?.(instances[2]);
    expect(tokensOf(instances)).toEqual([91, 3, 11]);
    expect(place()[0]).toBe(1);
  });

  test("an idle instance that is in its own pool stays where it is", () => {
    const { scheduler, instances, place } = started("schedulers.MixedPool", POOLS);
    scheduler.instanceIdle?.(instances[0]);
    const chosen = [1, 2, 3, 4].map(() => place()[0]);
    expect(chosen).toEqual([0, 2, 0, 2]);
  });

  test("if no pool can take a phase, one instance takes both: that with the fewest tokens of all", () => {
    const { instances, place } = started("schedulers.MixedPool", [
      { tag: "prompt", ...OVERLOADED },
      { tag: "token", ...FULL, pendingTokens: 3 },
    ]);
    // The only decode instance is taken into the mixed pool for the prompt, the only prefill instance for the decode.
    expect(place()).toEqual([1, 0]);
    instances[1].engine = { ...instances[1].engine, pendingTasks: 1 };
    instances[1].pendingTokens = 95;
    instances[0].committedBytes = 990;
    instances[0].pendingTokens = 99;
    // Nothing is left in the pools: the least loaded of the mixed ones takes both phases.
    expect(place()).toEqual([1, 1]);
  });
});
