/** Models in turn, each for a quantum (as Aegaeon's token-level round robin, Xiang et al., SOSP 2025, with pre-emption on). */
import type { RoundRobinParameters } from "./model-order.schema.ts";
import type { ModelOrderDefinition } from "./model-order.ts";

export const roundRobin: ModelOrderDefinition = {
  targets: ["model_orders.RoundRobin"],
  create(parameters, { now }) {
    const { quantum } = parameters as RoundRobinParameters;
    return {
      rank: ({ sinceSeconds }) => sinceSeconds,
      takes: ({ readySinceSeconds }) => now() < readySinceSeconds + quantum,
      preemptAtSeconds: ({ readySinceSeconds }) => readySinceSeconds + quantum,
    };
  },
};
