import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRandomStream } from "../../../src/sim/kernel/random.ts";

const MASK = (1n << 64n) - 1n;
const rotate = (x: bigint, k: bigint) => ((x << k) | (x >> (64n - k))) & MASK;

/** xoroshiro128+ 1.0 as its authors publish it (rotations 24, 16, 37), the low 32 bits of each sum. */
function* reference(seed: string, name: string): Generator<number> {
  const digest = createHash("sha256")
    .update(JSON.stringify([seed, name]))
    .digest();
  const word = (offset: number) => BigInt(digest.readUInt32LE(offset));
  let s0 = (word(0) << 32n) | word(4);
  let s1 = (word(8) << 32n) | word(12);
  for (;;) {
    yield Number((s0 + s1) & 0xffffffffn);
    s1 ^= s0;
    s0 = rotate(s0, 24n) ^ s1 ^ ((s1 << 16n) & MASK);
    s1 = rotate(s1, 37n);
  }
}

describe("a random stream", () => {
  it("draws 53 bits of xoroshiro128+, the high ones of two words", () => {
    const stream = createRandomStream(7, "trace.arrivals");
    const words = reference("7", "trace.arrivals");
    for (let i = 0; i < 100; i++) {
      const high = words.next().value >>> 5;
      const low = words.next().value >>> 6;
      expect(stream.uniform()).toBe((high * 2 ** 26 + low) / 2 ** 53);
    }
  });

  it("is the same for the same seed and name, a number's text included", () => {
    const draws = (seed: number | string) => {
      const stream = createRandomStream(seed, "x");
      return Array.from({ length: 5 }, () => stream.uniform());
    };
    expect(draws(3)).toEqual(draws("3"));
  });

  it("differs between any two pairs of seed and name", () => {
    const pair = fc.tuple(fc.string(), fc.string());
    fc.assert(
      fc.property(pair, pair, (a, b) => {
        fc.pre(a[0] !== b[0] || a[1] !== b[1]);
        expect(createRandomStream(...a).uniform()).not.toBe(createRandomStream(...b).uniform());
      }),
    );
    expect(createRandomStream("1", "2").uniform()).not.toBe(createRandomStream("12", "").uniform());
  });

  it("has uncorrelated neighbours among seeds", () => {
    const n = 20_000;
    let sum = 0;
    for (let seed = 0; seed < n; seed++) {
      const a = createRandomStream(seed, "x").uniform() - 0.5;
      const b = createRandomStream(seed + 1, "x").uniform() - 0.5;
      sum += a * b * 12;
    }
    // The sum's standard deviation is sqrt(n).
    expect(Math.abs(sum) / Math.sqrt(n)).toBeLessThan(4);
  });

  it("spreads uniform draws evenly over [0, 1)", () => {
    const stream = createRandomStream(0, "uniformity");
    const counts = new Array<number>(64).fill(0);
    const n = 640_000;
    for (let i = 0; i < n; i++) counts[Math.floor(stream.uniform() * 64)]++;
    const chiSquare = counts.reduce((sum, count) => sum + (count - n / 64) ** 2 / (n / 64), 0);
    // 63 degrees of freedom: mean 63, standard deviation 11.2.
    expect(chiSquare).toBeLessThan(63 + 4 * 11.2);
    expect(chiSquare).toBeGreaterThan(63 - 4 * 11.2);
  });

  // Chi-square with count - 1 degrees of freedom exceeds these with probability 0.005.
  it.each([
    [2, 7.88],
    [3, 10.6],
    [10, 23.59],
    [40, 65.48],
  ])("draws each of %i integers equally often", (count, critical) => {
    const stream = createRandomStream(1, "below");
    const n = 20_000 * count;
    const counts = new Array<number>(count).fill(0);
    for (let i = 0; i < n; i++) counts[stream.below(count)]++;
    expect(counts.reduce((sum, found) => sum + (found - n / count) ** 2 / (n / count), 0)).toBeLessThan(critical);
  });

  it("draws integers below any count up to 2^32", () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 2 ** 32 }), (seed, count) => {
        const draw = createRandomStream(seed, "below").below(count);
        expect(Number.isInteger(draw) && draw >= 0 && draw < count).toBe(true);
      }),
    );
    expect(createRandomStream(0, "below").below(1)).toBe(0);
  });
});
