import { describe, expect, test } from "vitest";
import type { Instance } from "../../../src/sim/cluster/instance.ts";
import type { Executor } from "../../../src/sim/executor/executor.ts";
import { Application } from "../../../src/sim/workload/application.ts";

/** An application whose scheduler places as many requests as there are free places. */
function application() {
  const placed: number[] = [];
  const waits: number[] = [];
  const places = { free: 0 };
  const instance = {} as Instance;
  const it = new Application(
    0,
    1,
    {
      decodeBinding: "arrival",
      addInstance() {},
      place: () => (places.free-- > 0 ? { prefill: instance, decode: instance } : undefined),
    },
    { requestWaits: (instances) => waits.push(instances), instanceIdle() {} },
  );
  it.executor = { start: (request: number) => placed.push(request) } as unknown as Executor;
  return { it, instance, placed, waits, places };
}

describe("a request that the scheduler cannot place", () => {
  test("waits, and the allocator hears of it and of the number of instances", () => {
    const { it, instance, placed, waits } = application();
    it.addInstance(instance);
    it.serve(5);
    expect([placed, waits, it.unplacedRequests]).toEqual([[], [1], 1]);
  });

  test("is placed when something changed, in order of arrival, as far as the scheduler can", () => {
    const { it, placed, places } = application();
    for (const request of [3, 1, 2]) it.serve(request);
    places.free = 2;
    it.retry();
    expect([placed, it.unplacedRequests]).toEqual([[3, 1], 1]);
    places.free = 1;
    it.retry();
    expect([placed, it.unplacedRequests]).toEqual([[3, 1, 2], 0]);
  });

  test("is not overtaken by a later one", () => {
    const { it, placed, places } = application();
    it.serve(0);
    places.free = 1;
    it.serve(1);
    expect([placed, it.unplacedRequests]).toEqual([[], 2]);
    it.retry();
    expect(placed).toEqual([0]);
  });

  test("is placed when an instance starts", () => {
    const { it, instance, placed, places } = application();
    it.serve(0);
    places.free = 1;
    it.addInstance(instance);
    expect(placed).toEqual([0]);
  });
});
