import fc from "fast-check";
import { expect, test } from "vitest";
import { paretoFront } from "../../src/analysis/pareto.ts";

test("the front holds exactly the points that no other beats in both measures", () => {
  const points = fc.array(fc.tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 6 })), { maxLength: 20 });
  const wish = fc.constantFrom("low" as const, "high" as const);
  fc.assert(
    fc.property(points, wish, wish, (given, x, y) => {
      const worth = (point: readonly [number, number]) => [
        x === "low" ? point[0] : -point[0],
        y === "low" ? point[1] : -point[1],
      ];
      const beats = (a: readonly [number, number], b: readonly [number, number]) => {
        const [[ax, ay], [bx, by]] = [worth(a), worth(b)];
        return ax <= bx && ay <= by && (ax < bx || ay < by);
      };
      const expected = given.flatMap((point, i) => (given.some((other) => beats(other, point)) ? [] : [i]));
      const found = paretoFront(
        given.map((p) => p[0]),
        given.map((p) => p[1]),
        { x, y },
      );
      expect([...found].sort((a, b) => a - b)).toEqual(expected);
    }),
  );
});
