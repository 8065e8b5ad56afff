import { zipf as zipfDistribution } from "../../sim/kernel/distributions/zipf.ts";
import type { LengthSampler } from "./length-sampler.ts";

/** The k-th smallest of the lengths from `min` to `max` with probability proportional to k^-exponent. */
export const zipf: LengthSampler = {
  distribution: "zipf",
  needs: ["exponent", "max"],
  allows: ["min"],
  create: ({ exponent, min, max }) => {
    const rank = zipfDistribution(exponent, max - min + 1);
    return (random) => min - 1 + rank(random);
  },
};
