/** The least recently used model goes first. */
import type { EvictionPolicyDefinition } from "./eviction-policy.ts";

export const lru: EvictionPolicyDefinition = {
  targets: ["evictions.Lru"],
  create: () => ({ rank: ({ lastUseSeconds }) => lastUseSeconds }),
};
