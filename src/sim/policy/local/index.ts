/** All local orders. A new one is a file beside this one and a line here. */
import type { LocalOrderDefinition } from "./local-order.ts";
import { milp } from "./milp.ts";
import { mooreHodgson } from "./moore-hodgson.ts";
import { edf, fcfs, hrrn, priority, random, shortest } from "./scored.ts";

export const localOrders: readonly LocalOrderDefinition[] = [
  fcfs,
  shortest,
  hrrn,
  edf,
  priority,
  random,
  mooreHodgson,
  milp,
];
