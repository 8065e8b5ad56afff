import { uniformInteger } from "../../sim/kernel/distributions/uniform.ts";
import type { LengthSampler } from "./length-sampler.ts";

/** Each integer from `min` to `max` equally likely. */
export const uniform: LengthSampler = {
  distribution: "uniform",
  needs: ["min", "max"],
  allows: [],
  create: ({ min, max }) => uniformInteger(min, max),
};
