/** Anywhere, and where the fewest requests are unfinished. */
import type { ModelPlacementDefinition } from "./model-placement.ts";

export const leastLoaded: ModelPlacementDefinition = {
  targets: ["model_placements.LeastLoaded"],
  create: (_parameters, { groups, pendingRequests, queuedLoads }) => ({
    groupsFor: () => groups,
    rank: (_model, group) => pendingRequests(group) + queuedLoads(group),
  }),
};
