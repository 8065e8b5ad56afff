import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { kvLinks } from "../../../src/sim/kv-links/index.ts";
import { arrivalsOf } from "./links.ts";

const transfer = fc.record({
  atSeconds: fc.integer({ min: 0, max: 64 }).map((count) => count / 8),
  bytes: fc.oneof(fc.integer({ min: 0, max: 100 }), fc.constant(0)),
  from: fc.integer({ min: 0, max: 3 }),
  // Undefined: the decode is bound when the transfer ends.
  to: fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined }),
});
const setting = fc.record({
  latency: fc.constantFrom(0, 0.5),
  transferBytesPerSecond: fc.constantFrom(3, 10, 1000),
  networkBytesPerSecond: fc.constantFrom(7, 10, 500),
});

describe.each(kvLinks.map((definition) => [definition.targets[0], definition] as const))(
  "%s",
  (_target, definition) => {
    test("lets every transfer arrive exactly once, not before its latency and its bytes at the greatest rate allow", () => {
      fc.assert(
        fc.property(setting, fc.array(transfer, { maxLength: 20 }), (links, transfers) => {
          const arrivals = arrivalsOf(definition, links, transfers);
          transfers.forEach(({ atSeconds, bytes }, index) => {
            expect(arrivals[index]).toHaveLength(1);
            const soonest = atSeconds + links.latency + bytes / links.transferBytesPerSecond;
            expect(arrivals[index][0]).toBeGreaterThanOrEqual(soonest - 1e-9);
          });
        }),
      );
    });

    test("moves a transfer that is alone at the greatest rate, and nothing at once", () => {
      const links = { latency: 0.5, transferBytesPerSecond: 10, networkBytesPerSecond: 20 };
      expect(arrivalsOf(definition, links, [{ atSeconds: 1, bytes: 30, from: 0, to: 1 }])).toEqual([[4.5]]);
      expect(arrivalsOf(definition, links, [{ atSeconds: 1, bytes: 0, from: 0, to: 1 }])).toEqual([[1.5]]);
    });

    test("is deterministic", () => {
      fc.assert(
        fc.property(setting, fc.array(transfer, { maxLength: 10 }), (links, transfers) => {
          expect(arrivalsOf(definition, links, transfers)).toEqual(arrivalsOf(definition, links, transfers));
        }),
        { numRuns: 30 },
      );
    });
  },
);
