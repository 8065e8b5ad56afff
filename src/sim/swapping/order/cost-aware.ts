/**
 * A swap has to pay: a loaded model goes on until the requests of another have waited longer, together, than the swap would
 * keep its own waiting (both loads, times its requests).
 */
import type { ModelOrderDefinition, WaitingModel } from "./model-order.ts";

export const costAware: ModelOrderDefinition = {
  targets: ["model_orders.CostAware"],
  create(_parameters, { now, waitingRequests, loadSeconds }) {
    // As if all had waited half as long as the first: arrivals at an even rate.
    const waited = ({ model, sinceSeconds }: WaitingModel) =>
      ((now() - sinceSeconds) * (waitingRequests(model) + 1)) / 2;
    return {
      rank: (waiting) => -waited(waiting) / loadSeconds(waiting.model),
      takes({ model, instance }, _request, waiting) {
        const swapSeconds = loadSeconds(waiting.model) + loadSeconds(model);
        return waited(waiting) < swapSeconds * (instance.engine.pendingRequests + 1);
      },
    };
  },
};
