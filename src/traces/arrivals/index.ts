import type { ArrivalProcess } from "./arrival-process.ts";
import { constant } from "./constant.ts";
import { gamma } from "./gamma.ts";
import { perMinute } from "./per-minute.ts";
import { poisson } from "./poisson.ts";
import { uniform } from "./uniform.ts";

export const arrivalProcesses: readonly ArrivalProcess[] = [poisson, gamma, constant, uniform, perMinute];
