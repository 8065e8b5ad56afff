import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { configurations } from "../../../src/analysis/goodput/configurations.ts";
import { highestRate } from "../../../src/analysis/goodput/highest-rate.ts";
import { keepsTargets, parseTarget } from "../../../src/analysis/goodput/target.ts";

describe("highestRate", () => {
  test("is kept, and no more than epsilon below a limit within the range", () => {
    fc.assert(
      fc.property(fc.double({ min: 0.3, max: 5, noNaN: true }), (limit) => {
        const found = highestRate({ maximum: 5, epsilon: 0.25 }, (rate) => rate <= limit);
        expect(found).toBeLessThanOrEqual(limit);
        expect(found).toBeGreaterThan(limit - 0.25);
      }),
    );
  });

  test("is 0 if no rate is kept", () => {
    expect(highestRate({ maximum: 5, epsilon: 0.25 }, () => false)).toBe(0);
  });
});

describe("configurations", () => {
  test("never take more processors than there are, and divide heads and layers", () => {
    const space = { layers: 40, heads: 40, nodes: 2, gpusPerNode: 4 };
    for (const affinity of ["high", "low"] as const) {
      for (const [cross, tp, pp, td, pd] of configurations({ ...space, affinity })) {
        expect(cross * (tp * pp + td * pd)).toBeLessThanOrEqual(8);
        expect([space.heads % tp, space.heads % td, space.layers % (cross * pp), space.layers % (cross * pd)]).toEqual([
          0, 0, 0, 0,
        ]);
      }
    }
  });
});

describe("targets", () => {
  test("are kept strictly, and not by metrics without a value", () => {
    const targets = [parseTarget("ttft_p90<0.2"), parseTarget("requests_per_second > 3")];
    expect(keepsTargets({ ttft_p90: 0.19, requests_per_second: 3.5 }, targets)).toBe(true);
    expect(keepsTargets({ ttft_p90: 0.2, requests_per_second: 3.5 }, targets)).toBe(false);
    expect(keepsTargets({ ttft_p90: null, requests_per_second: 3.5 }, targets)).toBe(false);
  });

  test.each(["ttft_p90", "ttft_p90<", "ttft_p90<x", "ttfp_p90<1"])("refuses %s with a hint", (text) => {
    expect(() => parseTarget(text)).toThrowError(expect.objectContaining({ code: "USAGE", hint: expect.any(String) }));
  });
});
