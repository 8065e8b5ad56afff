import type { ArrivalProcess } from "./arrival-process.ts";
import { constant } from "./constant.ts";
import { gamma } from "./gamma.ts";
import { poisson } from "./poisson.ts";
import { uniform } from "./uniform.ts";

/** Processes of a steady rate; those by the minute are in `traces/minutes`. */
export const arrivalProcesses: readonly ArrivalProcess[] = [poisson, gamma, constant, uniform];
