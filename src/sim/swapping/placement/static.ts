/** Where the configuration says; the models that it does not name take the groups in turn. */
import { ConfigError } from "../../../errors.ts";
import { didYouMean } from "../../../suggest.ts";
import type { StaticParameters } from "./model-placement.schema.ts";
import type { ModelPlacementDefinition } from "./model-placement.ts";

export const staticPlacement: ModelPlacementDefinition = {
  targets: ["model_placements.Static"],
  create(parameters, { models, groups, pendingRequests, queuedLoads }) {
    const { groups: named } = parameters as StaticParameters;
    for (const [name, numbers] of Object.entries(named)) {
      const path = `model_placement.groups.${name}`;
      if (!models.some((model) => model.name === name)) {
        const names = models.map((model) => model.name);
        throw new ConfigError("unknown_name", `There is no model named '${name}'.`, {
          path,
          hint: didYouMean(name, names) ?? `Models: ${names.slice(0, 10).join(", ")}.`,
        });
      }
      const beyond = numbers.find((number) => number >= groups.length);
      if (beyond === undefined) continue;
      throw new ConfigError("impossible_placement", `There is no processor group ${beyond}.`, {
        path,
        hint: `The cluster has groups 0 to ${groups.length - 1}.`,
      });
    }
    const places = models.map(({ name, index }) =>
      Object.hasOwn(named, name) ? named[name].map((number) => groups[number]) : [groups[index % groups.length]],
    );
    return {
      groupsFor: ({ index }) => places[index],
      rank: (_model, group) => pendingRequests(group) + queuedLoads(group),
    };
  },
};
