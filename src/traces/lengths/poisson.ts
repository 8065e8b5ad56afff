import { poisson as poissonDistribution } from "../../sim/kernel/distributions/poisson.ts";
import type { LengthSampler } from "./length-sampler.ts";

/** Poisson with `mean`. */
export const poisson: LengthSampler = {
  distribution: "poisson",
  needs: ["mean"],
  allows: ["min", "max"],
  create: ({ mean }) => poissonDistribution(mean),
};
