/** The model whose next request is the farthest goes first, of equals the largest: an oracle, for a bound (Belady, 1966). */
import type { EvictionPolicyDefinition } from "./eviction-policy.ts";

export const belady: EvictionPolicyDefinition = {
  targets: ["evictions.Belady"],
  create: (_parameters, { nextUseSeconds }) => ({
    rank: ({ model }) => -nextUseSeconds(model),
    tie: ({ model }) => -model.weightBytes,
  }),
};
