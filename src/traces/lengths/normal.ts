import { normal as normalDistribution } from "../../sim/kernel/distributions/normal.ts";
import type { LengthSampler } from "./length-sampler.ts";

/** Normal with `mean` and `std`, clipped: lengths beyond `min` and `max` become these. */
export const normal: LengthSampler = {
  distribution: "normal",
  needs: ["mean", "std"],
  allows: ["min", "max"],
  create: ({ mean, std }) => normalDistribution(mean, std),
};
