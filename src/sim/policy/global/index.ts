/** All global policies. A new one is a file beside this one and a line here. */
import type { GlobalPolicyDefinition } from "./global-policy.ts";
import { jsq, tokenJsq } from "./jsq.ts";
import { lowestLoad } from "./lowest-load.ts";
import { powerOfTwo } from "./power-of-two.ts";
import { random } from "./random.ts";
import { roundRobin } from "./round-robin.ts";

export const globalPolicies: readonly GlobalPolicyDefinition[] = [
  roundRobin,
  random,
  lowestLoad,
  powerOfTwo,
  jsq,
  tokenJsq,
];
