/**
 * Groups of their own by load: the models with the most work go first, each to the group with the least work where its
 * weights fit beside those already there, or else wherever there is the least. Work is the tokens of the trace's requests.
 * Then, if trials are allowed, simulations say who needs one more group: the model with the most late requests gets the
 * least busy one, as long as that makes fewer requests late (as AlpaServe's faster heuristic, Li et al., OSDI 2023, section 4.2).
 */
import type { ProcessorGroup } from "../processor-group.ts";
import type { GreedyParameters } from "./model-placement.schema.ts";
import type { ModelPlacementDefinition, PlacementContext } from "./model-placement.ts";

type Places = readonly (readonly ProcessorGroup[])[];

export const greedy: ModelPlacementDefinition = {
  targets: ["model_placements.Greedy"],
  create(parameters, context) {
    const { replicas, trials, ttft_target } = parameters as GreedyParameters;
    const { models, groups, pendingRequests, queuedLoads } = context;
    const mostGroups = Math.min(replicas, groups.length);
    const byLoad = trials === 0 ? placesByWork(context, mostGroups) : placesByWork(context, 1);
    const hasTrials = trials > 0 && models.some(({ requests }) => requests.length > 0);
    const places = hasTrials ? improved(byLoad, context, { mostGroups, trials, ttftTarget: ttft_target }) : byLoad;
    return {
      groupsFor: ({ index }) => places[index],
      rank: (_model, group) => pendingRequests(group) + queuedLoads(group),
    };
  },
};

function placesByWork({ models, groups }: PlacementContext, mostGroups: number): Places {
  const work = groups.map(() => 0);
  const freeBytes = groups.map(({ capacityBytes }) => capacityBytes);
  const places = models.map((): ProcessorGroup[] => []);
  const byWork = [...models].sort((a, b) => b.work - a.work || a.index - b.index);
  for (let replica = 0; replica < mostGroups; replica++) {
    for (const model of byWork) {
      const own = places[model.index];
      const others = groups.filter((group) => !own.includes(group));
      const roomy = others.filter(({ index }) => freeBytes[index] >= model.neededBytes);
      // A second group only where it costs nobody his place.
      const candidates = roomy.length > 0 || replica > 0 ? roomy : others;
      const chosen = least(candidates, ({ index }) => work[index]);
      if (chosen === undefined) continue;
      work[chosen.index] += model.work / mostGroups;
      freeBytes[chosen.index] -= model.neededBytes;
      own.push(chosen);
    }
  }
  return places;
}

interface Limits {
  readonly mostGroups: number;
  readonly trials: number;
  readonly ttftTarget: number;
}

function improved(
  begin: Places,
  { groups, tryOut }: PlacementContext,
  { mostGroups, trials, ttftTarget }: Limits,
): Places {
  let places = begin;
  let trial = tryOut(places, ttftTarget);
  const late = () => trial.lateRequests.reduce((sum, count) => sum + count, 0);
  for (let used = 1; used < trials && late() > 0; ) {
    const needy = trial.lateRequests
      .map((count, model) => ({ count, model }))
      .filter(({ count, model }) => count > 0 && places[model].length < mostGroups)
      .sort((a, b) => b.count - a.count || a.model - b.model);
    let better: { places: Places; trial: typeof trial } | undefined;
    for (const { model } of needy) {
      if (better !== undefined || used >= trials) break;
      const others = groups.filter((group) => !places[model].includes(group));
      const chosen = least(others, ({ index }) => trial.busySeconds[index]);
      if (chosen === undefined) continue;
      const next = places.map((own, index) => (index === model ? [...own, chosen] : own));
      const outcome = tryOut(next, ttftTarget);
      used++;
      const nextLate = outcome.lateRequests.reduce((sum, count) => sum + count, 0);
      if (nextLate < late()) better = { places: next, trial: outcome };
    }
    if (better === undefined) break;
    ({ places, trial } = better);
  }
  return places;
}

/** The first of those with the least value; undefined if there is none. */
function least<Item>(items: readonly Item[], value: (item: Item) => number): Item | undefined {
  let best: Item | undefined;
  for (const item of items) if (best === undefined || value(item) < value(best)) best = item;
  return best;
}
