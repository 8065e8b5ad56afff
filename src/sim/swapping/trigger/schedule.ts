/** A fixed plan of loads, besides those that requests ask for. */
import { ConfigError } from "../../../errors.ts";
import { didYouMean } from "../../../suggest.ts";
import type { ScheduleParameters } from "./load-trigger.schema.ts";
import type { LoadTriggerDefinition } from "./load-trigger.ts";

export const schedule: LoadTriggerDefinition = {
  targets: ["load_triggers.Schedule"],
  create(parameters, { models }) {
    const { loads } = parameters as ScheduleParameters;
    return {
      schedule: loads.map(({ seconds, model: name, group }, index) => {
        const model = models.find((each) => each.name === name);
        if (model !== undefined) return { seconds, model, group: group ?? undefined };
        const names = models.map((each) => each.name);
        throw new ConfigError("unknown_name", `There is no model named '${name}'.`, {
          path: `load_trigger.loads.${index}.model`,
          hint: didYouMean(name, names) ?? `Models: ${names.slice(0, 10).join(", ")}.`,
        });
      }),
    };
  },
};
