import fc from "fast-check";
import { expect, test } from "vitest";
import { LinkedRows } from "../../../src/sim/engine/linked-rows.ts";

const ROWS = 24;

function forwards(list: LinkedRows): number[] {
  const rows: number[] = [];
  for (let row = list.head; row >= 0; row = list.next(row)) rows.push(row);
  return rows;
}

function backwards(list: LinkedRows): number[] {
  const rows: number[] = [];
  for (let row = list.tail; row >= 0; row = list.previous(row)) rows.push(row);
  return rows;
}

test("two lists over the same columns behave as two arrays that never share a row", () => {
  const step = fc.record({ row: fc.nat(ROWS - 1), list: fc.nat(1), place: fc.nat(ROWS) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const next = new Int32Array(ROWS);
      const previous = new Int32Array(ROWS);
      const lists = [new LinkedRows(next, previous), new LinkedRows(next, previous)];
      const models: number[][] = [[], []];
      for (const { row, list, place } of steps) {
        const owner = models.findIndex((model) => model.includes(row));
        if (owner >= 0) {
          // A row that is in a list leaves it.
          lists[owner].remove(row);
          models[owner].splice(models[owner].indexOf(row), 1);
        } else if (place >= models[list].length) {
          lists[list].append(row);
          models[list].push(row);
        } else {
          // After the row at `place - 1`; after none for 0.
          lists[list].insertAfter(place === 0 ? -1 : models[list][place - 1], row);
          models[list].splice(place, 0, row);
        }
        lists.forEach((linked, index) => {
          expect(forwards(linked)).toEqual(models[index]);
          expect(backwards(linked)).toEqual([...models[index]].reverse());
          expect(linked.length).toBe(models[index].length);
        });
      }
    }),
  );
});

test("an empty list has neither head nor tail", () => {
  const list = new LinkedRows(new Int32Array(2), new Int32Array(2));
  expect([list.head, list.tail, list.length]).toEqual([-1, -1, 0]);
  list.append(1);
  list.remove(1);
  expect([list.head, list.tail, list.length]).toEqual([-1, -1, 0]);
});
