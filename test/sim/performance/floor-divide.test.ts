import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { floorDivide } from "../../../src/sim/performance/floor-divide.ts";

// a, b, and what CPython 3.11 prints for a // b.
const PYTHON_RESULTS = [
  [1.0, 0.1, 9.0],
  [0.3, 0.1, 2.0],
  [0.1 * 3, 0.1, 3.0],
  [0.6, 0.2, 2.0],
  [0.7, 0.1, 6.0],
  [1.1, 0.1, 11.0],
  [6.0, 0.1, 59.0],
  [4.35, 0.05, 86.0],
  [2.5, 0.5, 5.0],
  [7.0, 2.5, 2.0],
  [0.0, 0.5, 0.0],
  [5e-324, 2.0, 0.0],
  [1e16, 0.1, 1e17],
  [1e308, 3.0, 3.333333333333333e307],
  [9007199254740992, 3.0, 3002399751580330.0],
  [-0.1, 0.3, -1.0],
  [-0.3, 0.1, -3.0],
  [-1.0, 0.1, -10.0],
  [-7.0, 2.5, -3.0],
  [-1e-17, 0.1, -1.0],
] as const;

describe("floorDivide", () => {
  test.each(PYTHON_RESULTS)("%d // %d is %d, as in Python", (a, b, quotient) => {
    expect(floorDivide(a, b)).toBe(quotient);
  });

  test("is the exact floor of the quotient for integers and multiples of powers of two", () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e6, max: 1e6 }), fc.integer({ min: 1, max: 1e4 }), (a, b) => {
        expect(floorDivide(a, b)).toBe(Math.floor(a / b) + 0);
        expect(floorDivide(a / 1024, b / 1024)).toBe(Math.floor(a / b) + 0);
      }),
    );
  });

  test("q = a // b is an integer with q * b <= a < (q + 1) * b, up to the rounding of the products", () => {
    const seconds = fc.double({ min: 0, max: 1e5, noNaN: true });
    const iteration = fc.double({ min: 1e-4, max: 10, noNaN: true });
    fc.assert(
      fc.property(seconds, iteration, (a, b) => {
        const q = floorDivide(a, b);
        const slack = 2 ** -51 * a;
        expect(Number.isInteger(q)).toBe(true);
        expect(q * b).toBeLessThanOrEqual(a + slack);
        expect((q + 1) * b).toBeGreaterThanOrEqual(a - slack);
      }),
    );
  });
});
