/** The same profile for every instance: it was measured on one kind of them. */
import { ConfigError } from "../../../errors.ts";
import type { PerformanceModelDefinition } from "../performance-model.ts";
import type { ProfileParameters } from "./profile.schema.ts";
import { ProfileIterationTimes } from "./profile-times.ts";

export const profile: PerformanceModelDefinition = {
  targets: ["performance_models.Profile"],
  create(parameters, { profile: read }) {
    const { pass_overhead: overheadSeconds, path } = parameters as ProfileParameters;
    if (read === undefined) {
      throw new ConfigError("profile", `The profile '${path}' was not read.`, { path: "performance_model.path" });
    }
    const times = new ProfileIterationTimes(read, overheadSeconds);
    return {
      iterationTimes: () => times,
      taskTimes() {
        throw new ConfigError("no_task_times", "A profile times passes, and a DEFAULT instance needs whole tasks.", {
          path: "performance_model",
          hint: "Use performance_model=constant, or another start_state.instance.instance_type.",
        });
      },
    };
  },
};
