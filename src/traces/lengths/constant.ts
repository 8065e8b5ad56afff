import { constant as constantDistribution } from "../../sim/kernel/distributions/constant.ts";
import type { LengthSampler } from "./length-sampler.ts";

/** Every length is `tokens`. */
export const constant: LengthSampler = {
  distribution: "constant",
  needs: ["tokens"],
  allows: [],
  create: ({ tokens }) => constantDistribution(tokens),
};
