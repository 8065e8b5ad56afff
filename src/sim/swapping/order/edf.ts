/** Earliest deadline first. */
import type { EdfParameters } from "./model-order.schema.ts";
import type { ModelOrderDefinition } from "./model-order.ts";

export const edf: ModelOrderDefinition = {
  targets: ["model_orders.Edf"],
  create(parameters, { arrivalSeconds, promptTokens }) {
    const { deadline, deadline_per_prompt_token: perToken } = parameters as EdfParameters;
    const deadlineOf = (request: number) => arrivalSeconds[request] + deadline + perToken * promptTokens[request];
    // What was pre-empted is late already.
    const rank = ({ headRequest, sinceSeconds }: { headRequest: number; sinceSeconds: number }) =>
      headRequest < 0 ? sinceSeconds : deadlineOf(headRequest);
    return { rank, takes: (_resident, request, waiting) => deadlineOf(request) < rank(waiting) };
  },
};
