import type { Sampler } from "./sampler.ts";

/**
 * Integers from 1 to `largest`, k with probability proportional to k^-exponent; `exponent` is positive. Constant time
 * and space: Hörmann and Derflinger, "Rejection-inversion to generate variates from monotone discrete distributions",
 * ACM TOMACS 6 (1996).
 */
export function zipf(exponent: number, largest: number): Sampler {
  // The density x^-exponent, its integral and the integral's inverse; the integral is 0 at x = 1.
  const density = (x: number) => Math.exp(-exponent * Math.log(x));
  const integral = (x: number) => {
    const logarithm = Math.log(x);
    return expm1Ratio((1 - exponent) * logarithm) * logarithm;
  };
  const inverse = (area: number) => Math.exp(log1pRatio(Math.max((1 - exponent) * area, -1)) * area);

  const areaFrom = integral(1.5) - 1;
  const areaTo = integral(largest + 0.5);
  const alwaysAccepted = 2 - inverse(integral(2.5) - density(2));
  return (random) => {
    for (;;) {
      const area = areaTo + random.uniform() * (areaFrom - areaTo);
      const x = inverse(area);
      const k = Math.min(Math.max(Math.floor(x + 0.5), 1), largest);
      if (k - x <= alwaysAccepted || area >= integral(k + 0.5) - density(k)) return k;
    }
  };
}

/** (e^x - 1) / x, and 1 at 0. */
function expm1Ratio(x: number): number {
  return x === 0 ? 1 : Math.expm1(x) / x;
}

/** ln(1 + x) / x, and 1 at 0. */
function log1pRatio(x: number): number {
  return x === 0 ? 1 : Math.log1p(x) / x;
}
