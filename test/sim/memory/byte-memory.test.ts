import fc from "fast-check";
import { expect, test } from "vitest";
import { ByteMemory } from "../../../src/sim/memory/byte-memory.ts";

test("holds the weights from the start", () => {
  expect(new ByteMemory(100, 40)).toMatchObject({ capacityBytes: 100, usedBytes: 40 });
});

test("what fits is what is left, to the byte", () => {
  const memory = new ByteMemory(100, 40);
  expect([memory.fits(60), memory.fits(61)]).toEqual([true, false]);
  memory.allocate(59);
  expect([memory.fits(1), memory.fits(2)]).toEqual([true, false]);
  memory.release(10);
  expect([memory.fits(11), memory.fits(12)]).toEqual([true, false]);
});

test("weights <= used <= capacity as long as callers ask first, and all is free again at the end", () => {
  const steps = fc.array(fc.record({ bytes: fc.nat(60), release: fc.boolean() }), { maxLength: 100 });
  fc.assert(
    fc.property(steps, (operations) => {
      const memory = new ByteMemory(140, 40);
      const held: number[] = [];
      for (const { bytes, release } of operations) {
        if (release) memory.release(held.shift() ?? 0);
        else if (memory.fits(bytes)) {
          memory.allocate(bytes);
          held.push(bytes);
        } else {
          expect(memory.usedBytes + bytes).toBeGreaterThan(140);
        }
        expect(memory.usedBytes).toBe(held.reduce((sum, amount) => sum + amount, 40));
        expect(memory.usedBytes).toBeLessThanOrEqual(140);
      }
      for (const amount of held) memory.release(amount);
      expect(memory.usedBytes).toBe(40);
    }),
  );
});
