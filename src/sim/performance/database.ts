/** Measured curves per kind of instance, as SplitwiseSim's performance database gives them. */
import { ConfigError } from "../../errors.ts";
import { InterpolatedIterationTimes, type MeasuredCurves } from "./interpolated.ts";
import type {
  InstanceKind,
  IterationTimes,
  PerformanceModel,
  PerformanceModelDefinition,
} from "./performance-model.ts";

export interface KindCurves extends InstanceKind, MeasuredCurves {}

export class DatabasePerformanceModel implements PerformanceModel {
  readonly #curves: readonly KindCurves[];
  readonly #made = new Map<KindCurves, IterationTimes>();

  constructor(curves: readonly KindCurves[]) {
    this.#curves = curves;
  }

  iterationTimes(kind: InstanceKind): IterationTimes {
    const curves = this.#curves.find((candidate) => isSameKind(candidate, kind));
    if (curves === undefined) {
      const known = this.#curves.filter((candidate) => candidate.modelArchitecture === kind.modelArchitecture);
      throw new ConfigError("unknown_instance_kind", `The performance database has no rows for ${label(kind)}.`, {
        path: "performance_model",
        hint:
          `It knows ${(known.length > 0 ? known : this.#curves).map(label).join("; ")}. ` +
          "performance_model=roofline computes times from the dimensions of a model.",
      });
    }
    let times = this.#made.get(curves);
    if (times === undefined) {
      times = new InterpolatedIterationTimes(curves, label(kind));
      this.#made.set(curves, times);
    }
    return times;
  }

  taskTimes(): never {
    throw new ConfigError(
      "no_task_times",
      "The performance database times iterations, and a DEFAULT instance needs times of whole tasks.",
      {
        path: "performance_model",
        hint: "Use performance_model=constant, or another start_state.instance.instance_type.",
      },
    );
  }
}

function isSameKind(one: InstanceKind, other: InstanceKind): boolean {
  return (
    one.modelArchitecture === other.modelArchitecture &&
    one.processorName === other.processorName &&
    one.tensorParallelism === other.tensorParallelism
  );
}

function label(kind: InstanceKind): string {
  return `${kind.modelArchitecture} on ${kind.processorName} with tensor parallelism ${kind.tensorParallelism}`;
}

export const database: PerformanceModelDefinition = {
  targets: ["performance_models.Database", "performance_model.DatabasePerformanceModel"],
  create: (_, { curves }) => new DatabasePerformanceModel(curves),
};
