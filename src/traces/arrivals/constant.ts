import { constant as constantDistribution } from "../../sim/kernel/distributions/constant.ts";
import type { ArrivalProcess } from "./arrival-process.ts";

/** Equal gaps; the first request arrives after one of them. */
export const constant: ArrivalProcess = {
  process: "constant",
  needs: [],
  allows: [],
  create: () => constantDistribution(1),
};
