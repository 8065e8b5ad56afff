import { gamma as gammaDistribution } from "../../sim/kernel/distributions/gamma.ts";
import type { ArrivalProcess } from "./arrival-process.ts";

/** Gamma gaps with coefficient of variation `cv`: bursty above 1, Poisson at 1, more regular below. */
export const gamma: ArrivalProcess = {
  process: "gamma",
  needs: ["cv"],
  allows: [],
  create: ({ cv = 1 }) => gammaDistribution(1 / cv ** 2, cv ** 2),
};
