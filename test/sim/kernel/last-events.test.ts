import { expect, test } from "vitest";
import { HeapqQueue } from "../../../src/sim/kernel/heapq-queue.ts";
import { Kernel } from "../../../src/sim/kernel/kernel.ts";
import { SequenceQueue } from "../../../src/sim/kernel/sequence-queue.ts";

test("a timer armed last is served after all events of its time, those that are pushed at that time included", () => {
  const kernel = new Kernel(new SequenceQueue());
  const seen: string[] = [];
  const chain = kernel.on((left) => {
    seen.push(`event ${left}`);
    if (left > 0) kernel.at(kernel.now, chain, left - 1);
  });
  const last = kernel.timer(
    kernel.on(() => seen.push("last")),
    0,
  );
  kernel.armLast(last, 1);
  kernel.at(1, chain, 2);
  kernel.at(2, chain, 0);
  kernel.run(10, "before");
  expect(seen).toEqual(["event 2", "event 1", "event 0", "last", "event 0"]);
});

test("several such timers of one time are served in the order in which they were armed, and the last arming counts", () => {
  const kernel = new Kernel(new SequenceQueue());
  const seen: number[] = [];
  const note = kernel.on((who) => seen.push(who));
  const timers = [0, 1, 2].map((who) => kernel.timer(note, who));
  kernel.armLast(timers[0], 1);
  for (const timer of [timers[2], timers[1]]) kernel.armLast(timer, 1);
  kernel.armLast(timers[0], 1);
  kernel.run(10, "before");
  expect(seen).toEqual([2, 1, 0]);
});

test("a queue without an order for them serves them like any other", () => {
  const kernel = new Kernel(new HeapqQueue(8));
  let served = 0;
  const timer = kernel.timer(
    kernel.on(() => served++),
    0,
  );
  kernel.armLast(timer, 1);
  kernel.run(10, "before");
  expect(served).toBe(1);
});
