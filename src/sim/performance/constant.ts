/** The same time for every prefill and for every decode, whole tasks only (SplitwiseSim's constant model). */
import { ConfigError } from "../../errors.ts";
import type { ConstantParameters } from "./performance.schema.ts";
import type { PerformanceModel, PerformanceModelDefinition, TaskTimes } from "./performance-model.ts";

export class ConstantPerformanceModel implements PerformanceModel {
  readonly #times: TaskTimes;

  constructor(prefillSeconds: number, decodeSeconds: number) {
    this.#times = { prefillSeconds: () => prefillSeconds, decodeSeconds: () => decodeSeconds };
  }

  iterationTimes(): never {
    throw new ConfigError(
      "no_iteration_times",
      "The constant performance model times whole tasks, and ORCA and Splitwise instances need times of iterations.",
      { path: "performance_model", hint: "Use performance_model=db, or start_state.instance.instance_type=DEFAULT." },
    );
  }

  taskTimes(): TaskTimes {
    return this.#times;
  }
}

export const constant: PerformanceModelDefinition = {
  targets: ["performance_models.Constant", "performance_model.ConstantPerformanceModel"],
  create(parameters) {
    const { prompt_time, token_time } = parameters as ConstantParameters;
    return new ConstantPerformanceModel(prompt_time, token_time);
  },
};
