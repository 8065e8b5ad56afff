import { constant } from "./constant.ts";
import { empirical } from "./empirical.ts";
import { exponential } from "./exponential.ts";
import type { LengthSampler } from "./length-sampler.ts";
import { lognormal } from "./lognormal.ts";
import { normal } from "./normal.ts";
import { poisson } from "./poisson.ts";
import { quantiles } from "./quantiles.ts";
import { truncatedNormal } from "./truncated-normal.ts";
import { uniform } from "./uniform.ts";
import { zipf } from "./zipf.ts";

export const lengthSamplers: readonly LengthSampler[] = [
  constant,
  uniform,
  normal,
  truncatedNormal,
  lognormal,
  exponential,
  poisson,
  zipf,
  quantiles,
  empirical,
];
