/** The model with the most waiting requests first; a loaded one gives way once it has fewer than another that waits. */
import type { ModelOrderDefinition } from "./model-order.ts";

export const longestQueue: ModelOrderDefinition = {
  targets: ["model_orders.LongestQueue"],
  create: (_parameters, { waitingRequests }) => ({
    rank: ({ model }) => -waitingRequests(model),
    takes: ({ model, instance }, _request, waiting) =>
      instance.engine.pendingRequests + waitingRequests(model) >= waitingRequests(waiting.model),
  }),
};
