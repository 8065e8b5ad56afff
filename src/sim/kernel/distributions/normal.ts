import type { RandomStream } from "../random.ts";
import type { Sampler } from "./sampler.ts";

/** Half of the smallest draw above 0. */
const SMALLEST_PROBABILITY = 2 ** -54;

/** The normal distribution, by inverse transform: one draw of the stream. */
export function normal(mean: number, standardDeviation: number): Sampler {
  return (random) => mean + standardDeviation * standardNormal(random);
}

/** A normal variable of mean 0 and variance 1, always finite: one draw of the stream. */
export function standardNormal(random: RandomStream): number {
  return normalQuantile(Math.max(random.uniform(), SMALLEST_PROBABILITY));
}

/**
 * The value below which a standard normal variable falls with probability `p`; infinite at 0 and 1.
 * Relative error about 1e-16: Wichura, "Algorithm AS 241", Applied Statistics 37 (1988), PPND16.
 */
export function normalQuantile(p: number): number {
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) return q * ratio(CENTRE, 0.180625 - q * q);
  const r = Math.sqrt(-Math.log(q < 0 ? p : 1 - p));
  if (r === Number.POSITIVE_INFINITY) return q < 0 ? -r : r;
  const tail = r <= 5 ? ratio(TAIL, r - 1.6) : ratio(FAR_TAIL, r - 5);
  return q < 0 ? -tail : tail;
}

/** Coefficients of a numerator and a denominator of degree 7, highest power first. */
type Rational = readonly [numerator: readonly number[], denominator: readonly number[]];

function ratio([numerator, denominator]: Rational, r: number): number {
  let above = numerator[0];
  let below = denominator[0];
  for (let i = 1; i < 8; i++) {
    above = above * r + numerator[i];
    below = below * r + denominator[i];
  }
  return above / below;
}

const CENTRE: Rational = [
  [
    2509.0809287301227, 33430.57558358813, 67265.7709270087, 45921.95393154987, 13731.69376550946, 1971.5909503065513,
    133.14166789178438, 3.3871328727963665,
  ],
  [
    5226.495278852854, 28729.085735721943, 39307.89580009271, 21213.794301586597, 5394.196021424751, 687.1870074920579,
    42.31333070160091, 1,
  ],
];

/** For sqrt(-ln p) up to 5. */
const TAIL: Rational = [
  [
    0.0007745450142783414, 0.022723844989269184, 0.2417807251774506, 1.2704582524523684, 3.6478483247632045,
    5.769497221460691, 4.630337846156546, 1.4234371107496835,
  ],
  [
    1.0507500716444169e-9, 0.0005475938084995345, 0.015198666563616457, 0.14810397642748008, 0.6897673349851,
    1.6763848301838038, 2.053191626637759, 1,
  ],
];

const FAR_TAIL: Rational = [
  [
    2.0103343992922881e-7, 2.7115555687434876e-5, 0.0012426609473880784, 0.026532189526576124, 0.29656057182850487,
    1.7848265399172913, 5.463784911164114, 6.657904643501103,
  ],
  [
    2.0442631033899397e-15, 1.421511758316446e-7, 1.8463183175100548e-5, 0.0007868691311456133, 0.014875361290850615,
    0.1369298809227358, 0.599832206555888, 1,
  ],
];
