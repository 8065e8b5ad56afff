/** The model that was loaded first goes first. */
import type { EvictionPolicyDefinition } from "./eviction-policy.ts";

export const fifo: EvictionPolicyDefinition = {
  targets: ["evictions.Fifo"],
  create: () => ({ rank: ({ loadingSinceSeconds }) => loadingSinceSeconds }),
};
