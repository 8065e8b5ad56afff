/** A model leaves when it has been idle for so long; for others, the least recently used one goes first. */
import type { TtlParameters } from "./eviction.schema.ts";
import type { EvictionPolicyDefinition } from "./eviction-policy.ts";

export const ttl: EvictionPolicyDefinition = {
  targets: ["evictions.Ttl"],
  create(parameters) {
    const { keep_alive } = parameters as TtlParameters;
    return { rank: ({ lastUseSeconds }) => lastUseSeconds, keepAliveSeconds: () => keep_alive };
  },
};
