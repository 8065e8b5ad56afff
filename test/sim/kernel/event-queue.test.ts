import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CODE_LIMIT, type EventQueue } from "../../../src/sim/kernel/event-queue.ts";
import { HeapqQueue } from "../../../src/sim/kernel/heapq-queue.ts";
import { RankedQueue } from "../../../src/sim/kernel/ranked-queue.ts";
import { SequenceQueue } from "../../../src/sim/kernel/sequence-queue.ts";
import { type HeapItem, heappop, heappush } from "./cpython-heapq.ts";

interface Popped {
  readonly time: number;
  readonly code: number;
  readonly argument: number;
}

function popAll(queue: EventQueue): Popped[] {
  const popped: Popped[] = [];
  while (queue.pop()) popped.push({ time: queue.timeSeconds, code: queue.code, argument: queue.argument });
  return popped;
}

/** Few distinct times, so that most events have equals. */
const tiedTimes = fc.array(fc.integer({ min: 0, max: 6 }), { maxLength: 200 });
/** A number is a push at that time, undefined a pop. */
const operations = fc.array(fc.option(fc.integer({ min: 0, max: 5 }), { nil: undefined, freq: 3 }), { maxLength: 300 });

/** The ids that come out when `steps` are applied to a queue and the rest is popped. */
function drive(queue: EventQueue, steps: readonly (number | undefined)[]): number[] {
  const ids: number[] = [];
  steps.forEach((time, id) => {
    if (time !== undefined) queue.push(time, 0, id);
    else if (queue.pop()) ids.push(queue.argument);
  });
  return [...ids, ...popAll(queue).map(({ argument }) => argument)];
}

describe.each([
  ["SequenceQueue", (capacity: number) => new SequenceQueue(capacity)],
  ["RankedQueue", (capacity: number) => new RankedQueue(capacity)],
  ["HeapqQueue", (capacity: number) => new HeapqQueue(capacity)],
] as const)("%s", (_name, create) => {
  test("gives events in order of time, with the code and argument that they were pushed with", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.double({ noNaN: true }), { maxLength: 150 }), (times) => {
        const queue = create(1);
        times.forEach((time, index) => {
          queue.push(time, -1 - index, 7 * index);
        });
        expect(queue.size).toBe(times.length);
        const events = times.map((time, index) => ({ time, code: -1 - index, argument: 7 * index }));
        expect(popAll(queue)).toEqual(events.sort((a, b) => a.time - b.time));
      }),
    );
  });

  test("keeps codes and arguments over the whole range that the contract gives them", () => {
    const code = fc.integer({ min: -CODE_LIMIT, max: CODE_LIMIT - 1 });
    fc.assert(
      fc.property(code, fc.integer({ min: 0, max: 2 ** 31 - 1 }), (code, argument) => {
        const queue = create(4);
        queue.push(1, code, argument);
        expect(popAll(queue)).toEqual([{ time: 1, code, argument }]);
      }),
      {
        examples: [-CODE_LIMIT, CODE_LIMIT - 1].flatMap(
          (code) =>
            [
              [code, 0],
              [code, 2 ** 31 - 1],
            ] as const,
        ),
      },
    );
  });

  test("counts its events, and pop says false when there is none", () => {
    const queue = create(2);
    expect([queue.size, queue.pop()]).toEqual([0, false]);
    for (const time of [3, 1, 2]) queue.push(time, 0, 0);
    expect(queue.size).toBe(3);
    expect([queue.pop(), queue.size, queue.timeSeconds]).toEqual([true, 2, 1]);
    popAll(queue);
    expect([queue.size, queue.pop()]).toEqual([0, false]);
  });

  test("gives the same order whatever its initial capacity", () => {
    fc.assert(
      fc.property(operations, (steps) => {
        expect(drive(create(1), steps)).toEqual(drive(create(4096), steps));
      }),
    );
  });
});

describe("SequenceQueue", () => {
  test("is a stable sort by time", () => {
    fc.assert(
      fc.property(tiedTimes, (times) => {
        const queue = new SequenceQueue(1);
        times.forEach((time, id) => {
          queue.push(time, 0, id);
        });
        const expected = times.map((time, id) => ({ time, id })).sort((a, b) => a.time - b.time || a.id - b.id);
        expect(popAll(queue).map(({ argument }) => argument)).toEqual(expected.map(({ id }) => id));
      }),
    );
  });

  test("serves the earliest push among equal times, however pushes and pops alternate", () => {
    fc.assert(
      fc.property(operations, (steps) => {
        const pending: HeapItem[] = [];
        const expected: number[] = [];
        const takeFirst = () => {
          const first = pending.reduce((best, item) => (item.time < best.time ? item : best), pending[0]);
          if (first === undefined) return;
          pending.splice(pending.indexOf(first), 1);
          expected.push(first.id);
        };
        steps.forEach((time, id) => {
          if (time !== undefined) pending.push({ time, id });
          else takeFirst();
        });
        while (pending.length > 0) takeFirst();
        expect(drive(new SequenceQueue(1), steps)).toEqual(expected);
      }),
    );
  });
});

describe("HeapqQueue", () => {
  test("gives ties as CPython's heapq does, however pushes and pops alternate", () => {
    fc.assert(
      fc.property(operations, (steps) => {
        const heap: HeapItem[] = [];
        const expected: number[] = [];
        steps.forEach((time, id) => {
          if (time !== undefined) heappush(heap, { time, id });
          else {
            const item = heappop(heap);
            if (item !== undefined) expected.push(item.id);
          }
        });
        for (let item = heappop(heap); item !== undefined; item = heappop(heap)) expected.push(item.id);
        expect(drive(new HeapqQueue(1), steps)).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });

  // heapq of CPython 3.11: push seven equal items named 0..6, then pop them all.
  test("turns seven equal times around as CPython 3.11 does", () => {
    expect(drive(new HeapqQueue(), [1, 1, 1, 1, 1, 1, 1])).toEqual([0, 2, 5, 6, 4, 1, 3]);
  });

  // The same, with a pop after the fourth push and two after the sixth.
  test("interleaves pops as CPython 3.11 does", () => {
    expect(drive(new HeapqQueue(), [1, 1, 1, 1, undefined, 1, 1, undefined, undefined, 1, 1])).toEqual([
      0, 2, 3, 6, 5, 10, 1, 9,
    ]);
  });
});
