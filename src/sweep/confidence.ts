/** Confidence of a mean over few repetitions. */

/**
 * Two-sided 95 % critical values of Student's t for 1 to 30 degrees of freedom: NIST/SEMATECH e-Handbook of Statistical
 * Methods, section 1.3.6.7.2.
 */
const T_975 = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131, 2.12, 2.11,
  2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
];

/** The 97.5 % quantile of the normal distribution. */
const Z_975 = 1.959963984540054;

/** The 97.5 % quantile of Student's t, to about three decimals. */
export function studentT975(degreesOfFreedom: number): number {
  if (degreesOfFreedom <= T_975.length) return T_975[degreesOfFreedom - 1];
  // Cornish-Fisher expansion, Abramowitz & Stegun 26.7.5.
  const z = Z_975;
  const v = degreesOfFreedom;
  const first = (z ** 3 + z) / (4 * v);
  const second = (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * v ** 2);
  const third = (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / (384 * v ** 3);
  return z + first + second + third;
}

export interface MeanEstimate {
  readonly mean: number;
  /** Half the width of the 95 % confidence interval; undefined for a single value. */
  readonly halfWidth: number | undefined;
}

/** Mean of independent repetitions with its confidence; undefined without any value. */
export function estimateMean(values: readonly number[]): MeanEstimate | undefined {
  const count = values.length;
  if (count === 0) return undefined;
  // Relative to the first value, equal values have that mean and no variance, to the last bit; the power of two, which
  // changes no digit, keeps squares of very large and very small numbers within a double's range.
  const differences = values.map((value) => value - values[0]);
  const scale = powerOfTwoBelow(Math.max(...differences.map(Math.abs)));
  const shifted = differences.map((difference) => difference / scale);
  const shiftedMean = shifted.reduce((sum, value) => sum + value, 0) / count;
  const mean = values[0] + shiftedMean * scale;
  if (count === 1) return { mean, halfWidth: undefined };
  const variance = shifted.reduce((sum, value) => sum + (value - shiftedMean) ** 2, 0) / (count - 1);
  return { mean, halfWidth: studentT975(count - 1) * Math.sqrt(variance / count) * scale };
}

/** 1 for 0. */
function powerOfTwoBelow(size: number): number {
  return size === 0 ? 1 : 2 ** Math.max(-1022, Math.floor(Math.log2(size)));
}
