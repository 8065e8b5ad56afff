import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { HeapqQueue } from "../../../src/sim/kernel/heapq-queue.ts";
import { type Cutoff, Kernel } from "../../../src/sim/kernel/kernel.ts";
import { SequenceQueue } from "../../../src/sim/kernel/sequence-queue.ts";

/** A kernel whose only kind of event writes down when it happened and with which argument. */
function recording() {
  const kernel = new Kernel(new SequenceQueue());
  const happened: [time: number, argument: number][] = [];
  const kind = kernel.on((argument) => {
    happened.push([kernel.now, argument]);
  });
  return { kernel, kind, happened };
}

const FOREVER = Number.POSITIVE_INFINITY;

describe("events", () => {
  test("reach the handler of their kind, at their time, with their argument", () => {
    const kernel = new Kernel(new SequenceQueue());
    const calls: string[] = [];
    const first = kernel.on((argument) => calls.push(`first ${argument} at ${kernel.now}`));
    const second = kernel.on((argument) => calls.push(`second ${argument} at ${kernel.now}`));
    kernel.at(2, first, 20);
    kernel.at(1, second, 10);
    kernel.run(FOREVER, "before");
    expect(calls).toEqual(["second 10 at 1", "first 20 at 2"]);
    expect(kernel.events).toBe(2);
  });

  test("after a delay count from the present", () => {
    const { kernel, kind, happened } = recording();
    const later = kernel.on(() => kernel.after(0.25, kind, 7));
    kernel.at(1.5, later, 0);
    kernel.run(FOREVER, "before");
    expect(happened).toEqual([[1.75, 7]]);
  });

  test("after a delay of zero happen at once, inside the caller, before anything that is pending, uncounted", () => {
    const { kernel, kind, happened } = recording();
    const order: number[] = [];
    const caller = kernel.on(() => {
      kernel.after(0, kind, 1);
      order.push(happened.length);
    });
    kernel.at(1, caller, 0);
    kernel.at(1, kind, 2);
    kernel.run(FOREVER, "before");
    expect(order).toEqual([1]);
    expect(happened).toEqual([
      [1, 1],
      [1, 2],
    ]);
    expect(kernel.events).toBe(2);
  });

  test("after a delay of zero happen even before the run, at time 0", () => {
    const { kernel, kind, happened } = recording();
    kernel.after(0, kind, 3);
    expect(happened).toEqual([[0, 3]]);
  });

  test("of equal times happen as the queue orders them", () => {
    const orderWith = (kernel: Kernel) => {
      const order: number[] = [];
      const kind = kernel.on((argument) => order.push(argument));
      for (const id of [0, 1, 2, 3]) kernel.at(1, kind, id);
      kernel.run(FOREVER, "before");
      return order;
    };
    expect(orderWith(new Kernel(new SequenceQueue()))).toEqual([0, 1, 2, 3]);
    // heapq of CPython 3.11 gives four equal items in this order.
    expect(orderWith(new Kernel(new HeapqQueue()))).toEqual([0, 2, 1, 3]);
  });
});

describe("timers", () => {
  test("have one pending event: arming again moves it, to earlier or to later", () => {
    for (const [first, second] of [
      [5, 3],
      [3, 5],
    ]) {
      const { kernel, kind, happened } = recording();
      const timer = kernel.timer(kind, 42);
      kernel.arm(timer, first);
      kernel.arm(timer, second);
      kernel.run(FOREVER, "before");
      expect(happened).toEqual([[second, 42]]);
    }
  });

  test("do not fire when cancelled, and can be armed again afterwards", () => {
    const { kernel, kind, happened } = recording();
    const timer = kernel.timer(kind, 1);
    kernel.arm(timer, 2);
    kernel.cancel(timer);
    kernel.run(FOREVER, "before");
    expect(happened).toEqual([]);
    kernel.arm(timer, 4);
    kernel.run(FOREVER, "before");
    expect(happened).toEqual([[4, 1]]);
  });

  test("that are cancelled do not move the clock and count as no event", () => {
    const { kernel, kind, happened } = recording();
    const timer = kernel.timer(kind, 0);
    kernel.at(1, kind, 9);
    kernel.arm(timer, 100);
    kernel.cancel(timer);
    kernel.run(FOREVER, "before");
    expect([kernel.now, kernel.events, happened]).toEqual([1, 1, [[1, 9]]]);
  });

  test("may arm themselves in their own handler", () => {
    const kernel = new Kernel(new SequenceQueue());
    const times: number[] = [];
    const kind = kernel.on(() => {
      times.push(kernel.now);
      if (times.length < 4) kernel.arm(timer, kernel.now + 0.5);
    });
    const timer = kernel.timer(kind, 0);
    kernel.arm(timer, 0.5);
    kernel.run(FOREVER, "before");
    expect(times).toEqual([0.5, 1, 1.5, 2]);
  });

  test("fire at the time of their last arming only, however often they are moved and cancelled", () => {
    const steps = fc.array(
      fc.record({ timer: fc.nat(4), time: fc.option(fc.integer({ min: 1, max: 50 }), { nil: undefined }) }),
      { maxLength: 80 },
    );
    fc.assert(
      fc.property(steps, (moves) => {
        const { kernel, kind, happened } = recording();
        const timers = [0, 1, 2, 3, 4].map((argument) => kernel.timer(kind, argument));
        const pending = new Map<number, number>();
        for (const { timer, time } of moves) {
          if (time === undefined) {
            kernel.cancel(timers[timer]);
            pending.delete(timer);
          } else {
            kernel.arm(timers[timer], time);
            pending.set(timer, time);
          }
        }
        kernel.run(FOREVER, "before");
        const order = (a: [number, number], b: [number, number]) => a[0] - b[0] || a[1] - b[1];
        expect(happened.sort(order)).toEqual([...pending].map(([t, time]): [number, number] => [time, t]).sort(order));
        expect(kernel.now).toBe(Math.max(0, ...pending.values()));
      }),
    );
  });
});

describe("cutoff", () => {
  function until(endSeconds: number, cutoff: Cutoff) {
    const { kernel, kind, happened } = recording();
    for (const time of [1, 2, 3, 4]) kernel.at(time, kind, time);
    kernel.run(endSeconds, cutoff);
    return { times: happened.map(([time]) => time), now: kernel.now };
  }

  test("before: executes events up to and at the end time, and leaves the clock there", () => {
    expect(until(2, "before")).toEqual({ times: [1, 2], now: 2 });
    expect(until(2.5, "before")).toEqual({ times: [1, 2], now: 2.5 });
  });

  test("after: executes one event at or past the end time, and the clock shows that event's time", () => {
    expect(until(2, "after")).toEqual({ times: [1, 2], now: 2 });
    expect(until(2.5, "after")).toEqual({ times: [1, 2, 3], now: 3 });
  });

  test("both: leave the clock at the last event if there is none left", () => {
    expect(until(10, "before")).toEqual({ times: [1, 2, 3, 4], now: 4 });
    expect(until(10, "after")).toEqual({ times: [1, 2, 3, 4], now: 4 });
  });

  test("before: a cancelled event past the end time does not move the clock", () => {
    const { kernel, kind } = recording();
    const timer = kernel.timer(kind, 0);
    kernel.arm(timer, 50);
    kernel.cancel(timer);
    kernel.run(10, "before");
    expect(kernel.now).toBe(0);
  });

  test("before: the clock never passes the end time, and events are those up to it, for any times", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 20 })), fc.integer({ min: 1, max: 20 }), (times, end) => {
        const { kernel, kind, happened } = recording();
        for (const time of times) kernel.at(time, kind, 0);
        kernel.run(end, "before");
        expect(happened.map(([time]) => time)).toEqual(times.filter((time) => time <= end).sort((a, b) => a - b));
        expect(kernel.now).toBeLessThanOrEqual(end);
      }),
    );
  });
});
