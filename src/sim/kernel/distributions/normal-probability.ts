/**
 * The probability that a standard normal variable is below `x`; absolute error below 1e-15, and relative error below
 * 1e-7 in the lower tail as far as -37. Hart's algorithm 5666 (1968) as given by West, "Better approximations to
 * cumulative normal functions", Wilmott (2005).
 */
export function normalProbability(x: number): number {
  if (x > 0) return 1 - normalProbability(-x);
  if (x < -37) return 0;
  const z = -x;
  const density = Math.exp((-z * z) / 2);
  if (z < SWITCH) return (density * polynomial(NUMERATOR, z)) / polynomial(DENOMINATOR, z);
  const fraction = z + 1 / (z + 2 / (z + 3 / (z + 4 / (z + 0.65))));
  return density / (fraction * Math.sqrt(2 * Math.PI));
}

function polynomial(coefficients: readonly number[], z: number): number {
  return coefficients.reduce((sum, coefficient) => sum * z + coefficient);
}

/** 10 / sqrt(2): beyond it the continued fraction is the better approximation. */
const SWITCH = 7.07106781186547;

/** Highest power first. */
const NUMERATOR = [
  0.0352624965998911, 0.700383064443688, 6.37396220353165, 33.912866078383, 112.079291497871, 221.213596169931,
  220.206867912376,
];
const DENOMINATOR = [
  0.0883883476483184, 1.75566716318264, 16.064177579207, 86.7807322029461, 296.564248779674, 637.333633378831,
  793.826512519948, 440.413735824752,
];
