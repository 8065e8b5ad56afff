/** All eviction policies. */
import { belady } from "./belady.ts";
import { cost } from "./cost.ts";
import type { EvictionPolicyDefinition } from "./eviction-policy.ts";
import { fifo } from "./fifo.ts";
import { histogram } from "./histogram.ts";
import { lfu } from "./lfu.ts";
import { lru } from "./lru.ts";
import { pinned } from "./pinned.ts";
import { size } from "./size.ts";
import { ttl } from "./ttl.ts";

export const evictionPolicies: readonly EvictionPolicyDefinition[] = [
  lru,
  lfu,
  fifo,
  size,
  cost,
  ttl,
  histogram,
  pinned,
  belady,
];
