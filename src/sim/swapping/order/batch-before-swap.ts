/** A loaded model takes all its requests before another is loaded, within limits that keep the others from starving. */
import type { BatchBeforeSwapParameters } from "./model-order.schema.ts";
import type { ModelOrderDefinition } from "./model-order.ts";

export const batchBeforeSwap: ModelOrderDefinition = {
  targets: ["model_orders.BatchBeforeSwap"],
  create(parameters, { arrivalSeconds, now }) {
    const { max_wait, max_requests } = parameters as BatchBeforeSwapParameters;
    const longestWait = max_wait ?? Number.POSITIVE_INFINITY;
    const mostRequests = max_requests ?? Number.POSITIVE_INFINITY;
    return {
      rank: ({ headRequest, sinceSeconds }) => (headRequest < 0 ? sinceSeconds : arrivalSeconds[headRequest]),
      takes: ({ served }, _request, { sinceSeconds }) => now() - sinceSeconds < longestWait && served < mostRequests,
    };
  },
};
