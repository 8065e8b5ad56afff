import { exponential } from "../../sim/kernel/distributions/exponential.ts";
import type { ArrivalProcess } from "./arrival-process.ts";

/** Independent users: exponential gaps. */
export const poisson: ArrivalProcess = { process: "poisson", needs: [], allows: [], create: () => exponential(1) };
