/**
 * Groups of their own by load: the models with the most work go first, each to the group with the least work where its
 * weights fit beside those already there, or else wherever there is the least. Work is the tokens of the trace's requests.
 */
import type { ProcessorGroup } from "../processor-group.ts";
import type { ServedModel } from "../served-model.ts";
import type { GreedyParameters } from "./model-placement.schema.ts";
import type { ModelPlacementDefinition } from "./model-placement.ts";

export const greedy: ModelPlacementDefinition = {
  targets: ["model_placements.Greedy"],
  create(parameters, { models, groups, pendingRequests, queuedLoads }) {
    const { replicas } = parameters as GreedyParameters;
    const work = groups.map(() => 0);
    const freeBytes = groups.map(({ capacityBytes }) => capacityBytes);
    const places = new Map<ServedModel, ProcessorGroup[]>();
    const byWork = [...models].sort((a, b) => b.work - a.work || a.index - b.index);
    for (let replica = 0; replica < Math.min(replicas, groups.length); replica++) {
      for (const model of byWork) {
        const own = places.get(model) ?? [];
        const others = groups.filter((group) => !own.includes(group));
        const roomy = others.filter(({ index }) => freeBytes[index] >= model.neededBytes);
        // A second group only where it costs nobody his place.
        const candidates = roomy.length > 0 || replica > 0 ? roomy : others;
        const [first, ...rest] = candidates;
        if (first === undefined) continue;
        const chosen = rest.reduce((best, group) => (work[group.index] < work[best.index] ? group : best), first);
        work[chosen.index] += model.work / replicas;
        freeBytes[chosen.index] -= model.neededBytes;
        places.set(model, [...own, chosen]);
      }
    }
    return {
      groupsFor: (model) => places.get(model) ?? groups,
      rank: (_model, group) => pendingRequests(group) + queuedLoads(group),
    };
  },
};
