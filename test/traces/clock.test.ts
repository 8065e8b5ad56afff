import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { minuteClock, steadyClock } from "../../src/traces/arrivals/clock.ts";

const minutes = fc
  .array(fc.oneof(fc.constant(0), fc.double({ min: 0.01, max: 1e4, noNaN: true })), { minLength: 1, maxLength: 50 })
  .filter((counts) => counts.some((count) => count > 0));

describe("a clock by the minute", () => {
  it("says when so many arrived, and how many arrived by then: each the other's inverse", () => {
    fc.assert(
      fc.property(minutes, fc.double({ min: 0, max: 0.999999, noNaN: true }), (counts, share) => {
        const clock = minuteClock(counts);
        const arrived = share * clock.arrivedBy(Number.POSITIVE_INFINITY);
        const seconds = clock.secondsAt(arrived);
        expect(seconds).toBeLessThanOrEqual(60 * counts.length);
        expect(Math.abs(clock.arrivedBy(seconds) - arrived)).toBeLessThanOrEqual(1e-9 * Math.max(1, ...counts) * 50);
      }),
    );
  });

  it("never goes back, and skips minutes in which nothing arrives", () => {
    fc.assert(
      fc.property(minutes, (counts) => {
        const clock = minuteClock(counts);
        const total = clock.arrivedBy(Number.POSITIVE_INFINITY);
        const times = Array.from({ length: 200 }, (_, i) => clock.secondsAt((i / 200) * total));
        times.forEach((seconds, i) => {
          expect(seconds).toBeGreaterThanOrEqual(times[i - 1] ?? 0);
          // At the very end of a minute rounding may tell the next one.
          const minute = Math.min(counts.length - 1, Math.floor(seconds / 60 - 1e-9));
          expect(counts[Math.max(0, minute)] + (counts[minute + 1] ?? 0)).toBeGreaterThan(0);
        });
        expect(clock.secondsAt(total)).toBe(Number.POSITIVE_INFINITY);
      }),
    );
  });

  it("of equal minutes is steady until it ends", () => {
    const [even, steady] = [minuteClock([30, 30, 30]), steadyClock(0.5)];
    for (const arrived of [0, 1, 29.5, 30, 89.9]) {
      expect(even.secondsAt(arrived)).toBeCloseTo(steady.secondsAt(arrived), 9);
      expect(even.arrivedBy(2 * arrived)).toBeCloseTo(steady.arrivedBy(2 * arrived), 9);
    }
  });
});
