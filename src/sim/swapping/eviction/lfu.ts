/** The model with the fewest requests so far goes first; those of earlier stays count. */
import type { EvictionPolicyDefinition } from "./eviction-policy.ts";

export const lfu: EvictionPolicyDefinition = {
  targets: ["evictions.Lfu"],
  create: () => ({ rank: ({ model }) => model.arrived }),
};
