import { truncatedNormal as truncatedNormalDistribution } from "../../sim/kernel/distributions/truncated-normal.ts";
import type { LengthSampler } from "./length-sampler.ts";

/** Normal with `mean` and `std` given that it rounds into [min, max]: no length piles up at the bounds. */
export const truncatedNormal: LengthSampler = {
  distribution: "truncated_normal",
  needs: ["mean", "std"],
  allows: ["min", "max"],
  create: ({ mean, std, min, max }) =>
    std === 0 ? () => mean : truncatedNormalDistribution(mean, std, min - 0.5, max + 0.5),
};
