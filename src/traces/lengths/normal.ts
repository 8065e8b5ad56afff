import { truncatedNormal } from "../../sim/kernel/distributions/truncated-normal.ts";
import type { LengthSampler } from "./length-sampler.ts";

/** Normal with `mean` and `std`, truncated (not clipped) to what rounds into [min, max]. */
export const normal: LengthSampler = {
  distribution: "normal",
  needs: ["mean", "std"],
  allows: ["min", "max"],
  create: ({ mean, std, min, max }) => (std === 0 ? () => mean : truncatedNormal(mean, std, min - 0.5, max + 0.5)),
};
