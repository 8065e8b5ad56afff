/** LLM-simulator's closed form as a performance model. */
import { ConfigError } from "../../../errors.ts";
import { kvBytesPerToken } from "../../workload/model.ts";
import { LinearStretch } from "../linear-stretch.ts";
import type {
  BatchShape,
  IterationTimes,
  PerformanceModel,
  PerformanceModelDefinition,
  TimedInstance,
} from "../performance-model.ts";
import type { ClosedFormParameters } from "./closed-form.schema.ts";
import {
  type ClosedFormFigures,
  closedFormFigures,
  decodeSeconds,
  decodeSecondsPerContextToken,
  promptSeconds,
} from "./formula.ts";

/** Prompts first, then one iteration of the decodes; an iteration without decodes reads no weights. */
export class ClosedFormTimes implements IterationTimes {
  readonly #figures: ClosedFormFigures;
  readonly #stretch = new LinearStretch();

  constructor(figures: ClosedFormFigures) {
    this.#figures = figures;
  }

  stretchSeconds(batch: BatchShape, iterations: number): number {
    this.#describe(batch);
    return this.#stretch.seconds(iterations);
  }

  iterationsWithin(batch: BatchShape, elapsedSeconds: number): number {
    this.#describe(batch);
    return this.#stretch.within(elapsedSeconds);
  }

  #describe({ promptTokens, decodes, contextTokens }: BatchShape): void {
    const prompts = promptSeconds(this.#figures, promptTokens);
    const first = decodes === 0 ? prompts : prompts + decodeSeconds(this.#figures, contextTokens);
    this.#stretch.set(first, decodes * decodeSecondsPerContextToken(this.#figures));
  }
}

class ClosedFormPerformanceModel implements PerformanceModel {
  readonly #parameters: ClosedFormParameters;

  constructor(parameters: ClosedFormParameters) {
    this.#parameters = parameters;
  }

  iterationTimes(instance: TimedInstance): IterationTimes {
    const { modelArchitecture, processorName, tensorParallelism, processor, architecture, size } = instance;
    if (tensorParallelism !== 1) {
      throw new ConfigError(
        "unknown_instance_kind",
        `The closed form describes one processor, and the tensor parallelism is ${tensorParallelism}.`,
        { path: "performance_model", hint: "Set the tensor parallelism to 1, or use performance_model=roofline." },
      );
    }
    if (processor.memoryBytesPerSecond === undefined) {
      throw new ConfigError("missing_key", `The memory bandwidth of ${processorName} is not known.`, {
        path: "hardware_repo.processors",
        hint: `Set memory_bandwidth (bytes/s) in the processor's file, conf/hardware_repo/processors/${processorName}.yaml.`,
      });
    }
    return new ClosedFormTimes(
      closedFormFigures({
        promptTokensPerSecond: this.#promptTokensPerSecond(modelArchitecture, processorName),
        weightBytes: size.weights,
        kvBytesPerToken: kvBytesPerToken(architecture, size, "grouped_query"),
        memoryBytesPerSecond: processor.memoryBytesPerSecond,
        memoryBandwidthUtilisation: this.#parameters.memory_bandwidth_utilisation,
        tokenPhaseFactor: this.#parameters.token_phase_factor,
        units: this.#parameters.units,
      }),
    );
  }

  taskTimes(): never {
    throw new ConfigError(
      "no_task_times",
      "The closed form times iterations, and a DEFAULT instance needs times of whole tasks.",
      {
        path: "performance_model",
        hint: "Use performance_model=constant, or another start_state.instance.instance_type.",
      },
    );
  }

  #promptTokensPerSecond(model: string, processor: string): number {
    const { prompt_tokens_per_second: rates } = this.#parameters;
    const ofModel = Object.hasOwn(rates, model) ? rates[model] : {};
    if (Object.hasOwn(ofModel, processor)) return ofModel[processor];
    const known = Object.entries(rates).flatMap(([name, byProcessor]) =>
      Object.keys(byProcessor).map((on) => `${name} on ${on}`),
    );
    throw new ConfigError(
      "unknown_instance_kind",
      `Nobody measured the prompt tokens/s of ${model} on ${processor}: prompt_tokens_per_second in ` +
        "conf/performance_model/closed_form.yaml has none.",
      {
        path: "performance_model.prompt_tokens_per_second",
        hint: `Add the slope of prompt tokens over the time of the first token. It knows ${known.join(", ")}.`,
      },
    );
  }
}

export const closedForm: PerformanceModelDefinition = {
  targets: ["performance_models.ClosedForm"],
  create: (parameters) => new ClosedFormPerformanceModel(parameters as ClosedFormParameters),
};
