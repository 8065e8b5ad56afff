/** What is loaded stays. */
import type { EvictionPolicyDefinition } from "./eviction-policy.ts";

export const pinned: EvictionPolicyDefinition = {
  targets: ["evictions.Pinned"],
  create: () => ({ isNever: true, rank: () => 0 }),
};
