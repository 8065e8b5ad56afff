import { exponential as exponentialDistribution } from "../../sim/kernel/distributions/exponential.ts";
import type { LengthSampler } from "./length-sampler.ts";

export const exponential: LengthSampler = {
  distribution: "exponential",
  needs: ["mean"],
  allows: ["min", "max"],
  create: ({ mean }) => exponentialDistribution(mean),
};
