/**
 * A swap has to pay: a loaded model goes on until the requests of another have waited longer, together and since it was
 * loaded, than the swap would keep its own waiting (both loads, times its requests). What they waited before is no reason to
 * swap sooner: under overload every stay would end after one request.
 */
import type { ModelOrderDefinition, WaitingModel } from "./model-order.ts";

export const costAware: ModelOrderDefinition = {
  targets: ["model_orders.CostAware"],
  create(_parameters, { now, waitingRequests, loadSeconds }) {
    // As if all had waited half as long as the first: arrivals at an even rate.
    const waited = ({ model, sinceSeconds }: WaitingModel, fromSeconds = sinceSeconds) =>
      ((now() - Math.max(sinceSeconds, fromSeconds)) * (waitingRequests(model) + 1)) / 2;
    return {
      rank: (waiting) => -waited(waiting) / loadSeconds(waiting.model),
      takes({ model, instance, readySinceSeconds }, _request, waiting) {
        const swapSeconds = loadSeconds(waiting.model) + loadSeconds(model);
        const own = instance.engine.pendingRequests + waitingRequests(model) + 1;
        return waited(waiting, readySinceSeconds) < swapSeconds * own;
      },
    };
  },
};
