/** First come, first served, whatever the model: it is swapped whenever the request in front needs it. */
import type { ModelOrderDefinition } from "./model-order.ts";

export const fcfs: ModelOrderDefinition = {
  targets: ["model_orders.Fcfs"],
  create: (_parameters, { arrivalSeconds }) => ({
    rank: ({ headRequest, sinceSeconds }) => (headRequest < 0 ? sinceSeconds : arrivalSeconds[headRequest]),
    takes(_resident, request, { headRequest, sinceSeconds }) {
      if (headRequest < 0) return arrivalSeconds[request] < sinceSeconds;
      const earlier = arrivalSeconds[request] - arrivalSeconds[headRequest];
      return earlier < 0 || (earlier === 0 && request < headRequest);
    },
  }),
};
