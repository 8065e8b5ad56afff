import { exponential } from "../../sim/kernel/distributions/exponential.ts";
import type { ArrivalProcess } from "./arrival-process.ts";

/** Independent users whose number changes from minute to minute: a Poisson process of piecewise constant rate. */
export const perMinute: ArrivalProcess = {
  process: "per_minute",
  needs: [],
  allows: ["requests_per_minute", "table", "column"],
  create: () => exponential(1),
};
