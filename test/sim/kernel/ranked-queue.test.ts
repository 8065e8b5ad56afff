import fc from "fast-check";
import { expect, test } from "vitest";
import { RankedQueue } from "../../../src/sim/kernel/ranked-queue.ts";

test("events come out by time, then by rank, then by whom they are for, whatever the order in which they were pushed", () => {
  const events = fc.array(
    fc.record({
      time: fc.integer({ min: 0, max: 4 }),
      code: fc.integer({ min: 0, max: 3 }),
      argument: fc.integer({ min: 0, max: 5 }),
    }),
    { maxLength: 200 },
  );
  const rankOf = (code: number) => 3 - code;
  fc.assert(
    fc.property(events, (given) => {
      const queue = new RankedQueue(4);
      queue.rankBy(rankOf, (_code, argument) => argument);
      for (const { time, code, argument } of given) queue.push(time, code, argument);
      const popped: (typeof given)[number][] = [];
      while (queue.pop()) popped.push({ time: queue.timeSeconds, code: queue.code, argument: queue.argument });
      const expected = [...given].sort(
        (a, b) => a.time - b.time || rankOf(a.code) - rankOf(b.code) || a.argument - b.argument,
      );
      expect(popped).toEqual(expected);
    }),
  );
});
