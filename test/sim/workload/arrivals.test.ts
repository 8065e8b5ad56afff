import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { HeapqQueue } from "../../../src/sim/kernel/heapq-queue.ts";
import { Kernel } from "../../../src/sim/kernel/kernel.ts";
import { SequenceQueue } from "../../../src/sim/kernel/sequence-queue.ts";
import { feedArrivals, preloadArrivals } from "../../../src/sim/workload/arrivals.ts";
import { traceOf } from "../inputs.ts";

function trace(times: readonly number[]) {
  return traceOf(times.map((arrival) => ({ arrival, prompt: 1, output: 1 })));
}

const manyTimes = fc.array(fc.integer({ min: 0, max: 10 }), { maxLength: 60 });

describe("feedArrivals", () => {
  test("lets requests arrive at their times, sorted or not, equal ones in file order", () => {
    fc.assert(
      fc.property(manyTimes, (times) => {
        const kernel = new Kernel(new SequenceQueue());
        const arrived: [number, number][] = [];
        feedArrivals(kernel, trace(times), (request) => arrived.push([kernel.now, request]));
        kernel.run(Number.POSITIVE_INFINITY, "before");
        const expected = times.map((time, row): [number, number] => [time, row]);
        expect(arrived).toEqual(expected.sort((a, b) => a[0] - b[0] || a[1] - b[1]));
      }),
    );
  });

  test("keeps one pending arrival at a time, and the next one is pending before a request is served", () => {
    const queue = new SequenceQueue();
    const kernel = new Kernel(queue);
    const pending: number[] = [];
    feedArrivals(kernel, trace([1, 2, 3]), () => pending.push(queue.size));
    expect(queue.size).toBe(1);
    kernel.run(Number.POSITIVE_INFINITY, "before");
    expect(pending).toEqual([1, 1, 0]);
  });
});

describe("preloadArrivals", () => {
  test("lets every request arrive at its time", () => {
    fc.assert(
      fc.property(manyTimes, (times) => {
        const kernel = new Kernel(new HeapqQueue());
        const arrived: number[] = Array.from({ length: times.length });
        preloadArrivals(kernel, trace(times), (request) => {
          arrived[request] = kernel.now;
        });
        kernel.run(Number.POSITIVE_INFINITY, "after");
        expect(arrived).toEqual(times);
      }),
    );
  });

  test("serves arrivals at time 0 at once, before the run", () => {
    const kernel = new Kernel(new HeapqQueue());
    const arrived: number[] = [];
    preloadArrivals(kernel, trace([0.5, 0]), (request) => arrived.push(request));
    expect(arrived).toEqual([1]);
  });
});
