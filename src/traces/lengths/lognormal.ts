import { logNormal } from "../../sim/kernel/distributions/log-normal.ts";
import type { LengthSampler } from "./length-sampler.ts";

/** Log-normal; `mean` and `std` are those of the lengths, not of their logarithms. */
export const lognormal: LengthSampler = {
  distribution: "lognormal",
  needs: ["mean", "std"],
  allows: ["min", "max"],
  create: ({ mean, std }) => logNormal(mean, std),
};
