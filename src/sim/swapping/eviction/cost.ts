/** The model whose reloads would cost the least goes first: seconds of a load times requests/s so far (GreedyDual's idea). */
import type { EvictionPolicyDefinition } from "./eviction-policy.ts";

export const cost: EvictionPolicyDefinition = {
  targets: ["evictions.Cost"],
  create: (_parameters, { now, reloadSeconds }) => ({
    rank: (residency) => (reloadSeconds(residency) * residency.model.arrived) / Math.max(now(), 1),
  }),
};
