/** Times computed from the dimensions of a model and the data sheet of a processor (`performance_model=roofline`). */
import { ConfigError } from "../../../errors.ts";
import { elementBytesOf } from "../../workload/model-dimensions.ts";
import type { RooflineParameters } from "../performance.schema.ts";
import type {
  IterationTimes,
  PerformanceModel,
  PerformanceModelDefinition,
  TimedInstance,
} from "../performance-model.ts";
import { correctedPlan } from "./corrected.ts";
import type { PassPlan, PlanParts } from "./plan.ts";
import { ratesOf } from "./rates.ts";
import { RooflineIterationTimes } from "./roofline-times.ts";
import { viewerPlan } from "./viewer.ts";

/** Errors: ConfigError that names the missing figure of the model or of the processor, or a parallelism that is not possible. */
export function rooflinePlan(parameters: RooflineParameters, instance: TimedInstance): PassPlan {
  const { variant } = parameters;
  const efficiencies = {
    compute: parameters.compute_efficiency,
    bandwidth: parameters.bandwidth_efficiency,
    network: parameters.network_efficiency,
  };
  const parts: PlanParts = {
    architecture: instance.architecture,
    elements: elementBytesOf(instance.size),
    tensorParallelism: instance.tensorParallelism,
    rates: ratesOf(instance.processor, efficiencies, variant === "corrected" ? "best" : "int8"),
    flashAttention: parameters.flash_attention,
    weightBytes: instance.size.weights,
  };
  return variant === "corrected" ? correctedPlan(parts) : viewerPlan(variant, parts);
}

class RooflineModel implements PerformanceModel {
  readonly #parameters: RooflineParameters;
  /** Instances of one kind share what their times remember. */
  readonly #made = new Map<string, IterationTimes>();

  constructor(parameters: RooflineParameters) {
    this.#parameters = parameters;
  }

  iterationTimes(instance: TimedInstance): IterationTimes {
    const { modelArchitecture, processorName, tensorParallelism, size } = instance;
    const kind = JSON.stringify([modelArchitecture, size, processorName, tensorParallelism]);
    let times = this.#made.get(kind);
    if (times === undefined) {
      times = new RooflineIterationTimes(rooflinePlan(this.#parameters, instance), this.#parameters.iteration_overhead);
      this.#made.set(kind, times);
    }
    return times;
  }

  taskTimes(): never {
    throw new ConfigError(
      "no_task_times",
      "The roofline times iterations, and a DEFAULT instance needs times of whole tasks.",
      {
        path: "performance_model",
        hint: "Use performance_model=constant, or another start_state.instance.instance_type.",
      },
    );
  }
}

export const roofline: PerformanceModelDefinition = {
  targets: ["performance_models.Roofline"],
  create: (parameters) => new RooflineModel(parameters as RooflineParameters),
};
