import fc from "fast-check";
import { expect, test } from "vitest";
import { PendingQueue } from "../../../src/sim/engine/pending-queue.ts";

function contents(queue: PendingQueue): number[] {
  return Array.from({ length: queue.length }, (_, index) => queue.at(index));
}

test("inserts anywhere and appends at the end", () => {
  const queue = new PendingQueue();
  for (const task of [1, 3]) queue.append(task);
  queue.insert(1, 2);
  queue.insert(0, 0);
  queue.insert(4, 4);
  expect(contents(queue)).toEqual([0, 1, 2, 3, 4]);
});

test("grows beyond its first capacity, and reuses the room that removals leave at its front", () => {
  const queue = new PendingQueue();
  const states = new Uint8Array(1000);
  const expected: number[] = [];
  for (let task = 0; task < 1000; task++) {
    queue.append(task);
    expected.push(task);
    if (task % 3 === 0) {
      states[expected[0]] = 2;
      queue.removeInState(states, 2, 2, 1);
      states[expected[0]] = 0;
      expected.shift();
    }
  }
  expect(contents(queue)).toEqual(expected);
});

test("behaves as an array: inserts in place, removes the tasks of two states, keeps the order of the rest", () => {
  const step = fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({ kind: fc.constant("insert" as const), place: fc.double({ min: 0, max: 1, noNaN: true }) }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant("remove" as const), chosen: fc.array(fc.nat(400), { maxLength: 40 }) }),
    },
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
      const queue = new PendingQueue();
      let model: number[] = [];
      const states = new Uint8Array(400);
      steps.forEach((operation, task) => {
        if (operation.kind === "insert") {
          const place = Math.round(operation.place * model.length);
          queue.insert(place, task);
          model.splice(place, 0, task);
        } else {
          // Two states mean "selected"; both occur, as do others.
          states.fill(1);
          for (const chosen of operation.chosen) states[chosen] = chosen % 2 === 0 ? 2 : 5;
          const isChosen = (candidate: number) => states[candidate] === 2 || states[candidate] === 5;
          queue.removeInState(states, 2, 5, model.filter(isChosen).length);
          model = model.filter((candidate) => !isChosen(candidate));
        }
        expect(queue.length).toBe(model.length);
      });
      expect(contents(queue)).toEqual(model);
    }),
  );
});
