/**
 * Anywhere, and where the model would be ready first: its load from the best tier of the server, after the loads before it,
 * and after the work of busy models if it has to wait for their memory (as ServerlessLLM's locality-aware allocation, Fu et
 * al., OSDI 2024, section 6, with requests instead of a fitted queueing time).
 */
import type { ModelPlacementDefinition } from "./model-placement.ts";

/** Worth of an unfinished request whose end is waited for; only its order of magnitude matters. */
const SECONDS_PER_REQUEST = 1;

export const fastestStart: ModelPlacementDefinition = {
  targets: ["model_placements.FastestStart"],
  create: (_parameters, { groups, availableBytes, loadSeconds, pendingRequests, queuedLoads }) => ({
    groupsFor: () => groups,
    rank(model, group) {
      const load = loadSeconds(model, group);
      const waits = availableBytes(group) < model.neededBytes;
      return load * (1 + queuedLoads(group)) + (waits ? SECONDS_PER_REQUEST * pendingRequests(group) : 0);
    },
  }),
};
