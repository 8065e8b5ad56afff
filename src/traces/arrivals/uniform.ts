import { uniform as uniformDistribution } from "../../sim/kernel/distributions/uniform.ts";
import type { ArrivalProcess } from "./arrival-process.ts";

/** Gaps uniform between 0 and twice the mean. */
export const uniform: ArrivalProcess = {
  process: "uniform",
  needs: [],
  allows: [],
  create: () => uniformDistribution(0, 2),
};
