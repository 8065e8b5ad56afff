/** The largest model goes first. */
import type { EvictionPolicyDefinition } from "./eviction-policy.ts";

export const size: EvictionPolicyDefinition = {
  targets: ["evictions.Size"],
  create: () => ({ rank: ({ model }) => -model.weightBytes }),
};
