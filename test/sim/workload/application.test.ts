import { describe, expect, test } from "vitest";
import type { Instance } from "../../../src/sim/cluster/instance.ts";
import type { Executor } from "../../../src/sim/executor/executor.ts";
import { Application } from "../../../src/sim/workload/application.ts";

/** An application whose scheduler places as many requests as there are free places. */
function application() {
  const placed: number[] = [];
  const known: Instance[] = [];
  const waits: number[] = [];
  const places = { free: 0 };
  const instance = {} as Instance;
  const it = new Application({
    id: 0,
    kvBytesPerToken: 1,
    scheduler: {
      decodeBinding: "arrival",
      addInstance: (added) => known.push(added),
      place: () => (places.free-- > 0 ? { prefill: instance, decode: instance } : undefined),
    },
    allocator: { requestWaits: (instances) => waits.push(instances), instanceIdle() {} },
    instanceOverheads: { spinUpSeconds: 0, runSeconds: 0, preemptSeconds: 0 },
  });
  it.executor = { start: (request: number) => placed.push(request) } as unknown as Executor;
  return { it, instance, known, placed, waits, places };
}

describe("a request that the scheduler cannot place", () => {
  test("waits, and the allocator hears of it and of the number of instances", () => {
    const { it, instance, placed, waits } = application();
    it.startInstance(instance);
    it.instancesReady();
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
    it.startInstance(instance);
    expect(placed).toEqual([]);
    it.instancesReady();
    expect(placed).toEqual([0]);
  });
});

describe("while all instances start up", () => {
  test("requests wait without the scheduler being asked, and it then knows all instances before it places them", () => {
    const { it, instance, known, placed, waits, places } = application();
    const other = {} as Instance;
    places.free = 9;
    it.startInstance(instance);
    it.startInstance(other);
    it.serve(0);
    it.serve(1);
    expect([known, placed, waits, places.free]).toEqual([[], [], [2, 2], 9]);
    it.instancesReady();
    expect([known, placed]).toEqual([
      [instance, other],
      [0, 1],
    ]);
  });
});
