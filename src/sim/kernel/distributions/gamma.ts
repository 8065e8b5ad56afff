import { standardNormal } from "./normal.ts";
import type { Sampler } from "./sampler.ts";

/**
 * The gamma distribution with mean `shape * scale` and variance `shape * scale^2`; `shape` and `scale` are positive.
 * Marsaglia and Tsang, "A simple method for generating gamma variables", ACM TOMS 26 (2000); a shape below 1 by their
 * section 6: Gamma(shape + 1) * U^(1 / shape).
 */
export function gamma(shape: number, scale: number): Sampler {
  const d = (shape < 1 ? shape + 1 : shape) - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  return (random) => {
    for (;;) {
      const x = standardNormal(random);
      const cubeRoot = 1 + c * x;
      if (cubeRoot <= 0) continue;
      const v = cubeRoot ** 3;
      if (Math.log(1 - random.uniform()) >= 0.5 * x * x + d * (1 - v + Math.log(v))) continue;
      return shape < 1 ? d * v * scale * (1 - random.uniform()) ** (1 / shape) : d * v * scale;
    }
  };
}
