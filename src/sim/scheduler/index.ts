/** All schedulers. A new one is a file beside this one and a line here. */
import { disaggregated } from "./disaggregated.ts";
import { jsq } from "./jsq.ts";
import { kvJsq, overlapKvJsq } from "./kv-jsq.ts";
import { kvRoundRobin } from "./kv-round-robin.ts";
import { kvTokenJsq, overlapKvTokenJsq } from "./kv-token-jsq.ts";
import { mixedPool } from "./mixed-pool.ts";
import { random } from "./random.ts";
import { roundRobin } from "./round-robin.ts";
import type { SchedulerDefinition } from "./scheduler.ts";
import { tokenJsq } from "./token-jsq.ts";

export const schedulers: readonly SchedulerDefinition[] = [
  roundRobin,
  random,
  jsq,
  tokenJsq,
  kvRoundRobin,
  kvJsq,
  overlapKvJsq,
  kvTokenJsq,
  overlapKvTokenJsq,
  mixedPool,
  disaggregated,
];
