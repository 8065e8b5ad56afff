import fc from "fast-check";
import { expect, test } from "vitest";
import { PendingQueue } from "../../../src/sim/engine/pending-queue.ts";

function contents(queue: PendingQueue): number[] {
  return Array.from({ length: queue.length }, (_, index) => queue.at(index));
}

test("inserts anywhere and appends at the end", () => {
  const queue = new PendingQueue(new Int32Array(5));
  for (const task of [1, 3]) queue.append(task);
  queue.insert(1, 2);
  queue.insert(0, 0);
  queue.insert(4, 4);
  expect(contents(queue)).toEqual([0, 1, 2, 3, 4]);
});

test("can be emptied and filled again", () => {
  const queue = new PendingQueue(new Int32Array(3000));
  for (const round of [1, 2, 3]) {
    for (let task = 0; task < 3000; task++) queue.append(task);
    expect(queue.at(2999)).toBe(2999);
    if (round === 2) queue.clear();
    else for (let task = 0; task < 3000; task++) queue.remove((task * 7 + round) % 3000);
    expect(queue.length).toBe(0);
  }
});

test("removes any of its tasks at once, and keeps the order of the rest", () => {
  fc.assert(
    fc.property(fc.nat(2000), fc.integer({ min: 1, max: 20 }), fc.nat(), (initial, every, offset) => {
      const queue = new PendingQueue(new Int32Array(2001));
      for (let task = 0; task <= initial; task++) queue.append(task);
      queue.at(initial >> 1);
      const leaves = (task: number) => (task + offset) % (every + 1) !== 0;
      const tasks = contents(queue);
      const leaving = tasks.filter(leaves);
      queue.removeAll(Int32Array.from([...leaving.toReversed(), 5]), leaving.length);
      const rest = tasks.filter((task) => !leaves(task));
      expect(contents(queue)).toEqual(rest);
      for (const task of leaving) queue.append(task);
      expect(contents(queue)).toEqual([...rest, ...leaving]);
    }),
    { numRuns: 60 },
  );
});

test("behaves as an array, however many blocks it has: inserts in place, removes, keeps the order of the rest", () => {
  const TASKS = 3000;
  const steps = fc.array(fc.record({ place: fc.double({ min: 0, max: 1, noNaN: true }), removes: fc.boolean() }), {
    minLength: 1,
    maxLength: 400,
  });
  fc.assert(
    fc.property(steps, fc.nat(2000), (operations, initial) => {
      const queue = new PendingQueue(new Int32Array(TASKS));
      const model = Array.from({ length: initial }, (_, task) => task);
      for (const task of model) queue.append(task);
      operations.forEach(({ place, removes }, step) => {
        const index = Math.floor(place * model.length);
        if (removes && model.length > 0) {
          const [task] = model.splice(Math.min(index, model.length - 1), 1);
          queue.remove(task);
        } else {
          queue.insert(index, initial + step);
          model.splice(index, 0, initial + step);
        }
        expect(queue.length).toBe(model.length);
        if (model.length > 0) expect(queue.at(index % model.length)).toBe(model[index % model.length]);
      });
      expect(contents(queue)).toEqual(model);
    }),
    { numRuns: 40 },
  );
});
