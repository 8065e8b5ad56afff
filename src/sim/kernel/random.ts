/**
 * Random streams: one per purpose, so that a component which draws more or fewer numbers disturbs no other.
 * Generator: xoroshiro128+ (Blackman and Vigna, "Scrambled linear pseudorandom number generators", ACM TOMS 2021).
 */
import { createHash } from "node:crypto";
import { xoroshiro128plusFromState } from "pure-rand/generator/xoroshiro128plus";

const UNIT = 2 ** -53;

/** A sequence of independent draws. */
export interface RandomStream {
  /** A multiple of 2^-53 in [0, 1). */
  uniform(): number;
  /** An integer in [0, count), each equally likely; `count` from 1 to 2^32. */
  below(count: number): number;
}

/**
 * The stream of one purpose: equal seed and name give equal draws; any other pair gives an unrelated stream.
 * A number and its decimal text are the same seed.
 */
export function createRandomStream(seed: number | string, name: string): RandomStream {
  const generator = xoroshiro128plusFromState(stateOf(seed, name));
  // The generator's lowest bits are its weakest: all draws use the high ones.
  return {
    uniform: () => {
      const high = generator.next() >>> 5;
      const low = generator.next() >>> 6;
      return (high * 2 ** 26 + low) * UNIT;
    },
    below: (count) => {
      const shift = Math.clz32(count - 1);
      if (shift === 32) return 0;
      let draw = generator.next() >>> shift;
      while (draw >= count) draw = generator.next() >>> shift;
      return draw;
    },
  };
}

/** The first 128 bits of SHA-256 of the JSON text of [seed, name], which no other pair shares. */
function stateOf(seed: number | string, name: string): number[] {
  const digest = createHash("sha256")
    .update(JSON.stringify([String(seed), name]))
    .digest();
  return [0, 4, 8, 12].map((offset) => digest.readInt32LE(offset));
}
