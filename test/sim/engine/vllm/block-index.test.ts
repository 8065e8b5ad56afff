import fc from "fast-check";
import { expect, test } from "vitest";
import { BlockIndex } from "../../../../src/sim/engine/vllm/block-index.ts";

const BLOCKS = 24;

test("finds the block that came first among those of equal content, whatever was added and removed", () => {
  const operation = fc.record({
    block: fc.integer({ min: 1, max: BLOCKS - 1 }),
    // Few owners and places, so that contents meet; negative owners are requests of their own.
    owner: fc.integer({ min: -4, max: 4 }),
    place: fc.integer({ min: 0, max: 2 }),
  });
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 200 }), (operations) => {
      const index = new BlockIndex(BLOCKS);
      const contents = new Map<number, string>();
      for (const { block, owner, place } of operations) {
        if (contents.has(block)) {
          index.remove(block);
          contents.delete(block);
        } else {
          index.add(block, owner, place);
          contents.set(block, `${owner} ${place}`);
        }
        for (let other = -4; other <= 4; other++) {
          for (let at = 0; at <= 2; at++) {
            // A Map keeps the order of insertion.
            const first = [...contents].find(([, content]) => content === `${other} ${at}`)?.[0] ?? -1;
            expect(index.find(other, at)).toBe(first);
          }
        }
      }
    }),
    { numRuns: 100 },
  );
});
