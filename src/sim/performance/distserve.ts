/**
 * DistServe's latency model (Zhong et al., OSDI 2024, appendix A; coefficients of its simulator): a prefill costs a
 * constant, a term per prompt token and one per squared prompt; an iteration of decodes a constant, a term per token of
 * context and one per request, with other coefficients for large batches.
 */
import { ConfigError, SimulationError } from "../../errors.ts";
import { fitOfAppendix } from "./appendix-fit.ts";
import { LinearStretch } from "./linear-stretch.ts";
import type { DistServeParameters } from "./performance.schema.ts";
import type {
  BatchShape,
  IterationTimes,
  PerformanceModel,
  PerformanceModelDefinition,
  TimedInstance,
} from "./performance-model.ts";

type Fit = DistServeParameters["fits"][number];

class DistServeIterationTimes implements IterationTimes {
  readonly #fit: Fit;
  readonly #largeBatch: number;
  readonly #stretch = new LinearStretch();

  constructor(fit: Fit, largeBatch: number) {
    this.#fit = fit;
    this.#largeBatch = largeBatch;
  }

  stretchSeconds(batch: BatchShape, iterations: number): number {
    this.#describe(batch);
    const seconds = this.#stretch.seconds(iterations) / 1000;
    if (seconds > 0) return seconds;
    const { fit, model } = this.#fit;
    throw new SimulationError(
      `The fit '${fit}' of ${model} gives ${seconds} s for a batch of ${batch.prefills} prefills and ${batch.decodes} decodes: it has negative coefficients.`,
      Number.NaN,
      { hint: "Keep prompts short, or choose another performance_model.fit." },
    );
  }

  iterationsWithin(batch: BatchShape, elapsedSeconds: number): number {
    this.#describe(batch);
    return this.#stretch.within(elapsedSeconds * 1000);
  }

  /** A batch with prefills has their constant alone; its decodes add what they add to a batch of decodes. */
  #describe({
    prefills,
    promptTokens,
    squaredPromptTokens,
    promptContextProducts,
    decodes,
    contextTokens,
  }: BatchShape) {
    const [base, perContextToken, perRequest] = decodes < this.#largeBatch ? this.#fit.decode : this.#fit.large_decode;
    let first = perRequest * decodes + perContextToken * contextTokens;
    if (prefills === 0) first += base;
    else {
      const [constant, perToken, perSquare] = this.#fit.prefill;
      // (a + b)^2 - a^2 for a chunk of b tokens after a.
      const squares = squaredPromptTokens + 2 * promptContextProducts;
      first += constant + perToken * promptTokens + perSquare * squares;
    }
    this.#stretch.set(first, perContextToken * decodes);
  }
}

class DistServePerformanceModel implements PerformanceModel {
  readonly #parameters: DistServeParameters;
  readonly #fits: readonly Fit[];

  constructor(parameters: DistServeParameters) {
    this.#parameters = parameters;
    this.#fits = [...parameters.fits, ...(parameters.appendix_fits ?? []).map(fitOfAppendix)];
  }

  iterationTimes({ modelArchitecture: model, tensorParallelism }: TimedInstance): IterationTimes {
    const { fit: name, large_decode_batch: largeBatch } = this.#parameters;
    const fits = this.#fits;
    const named = fits.filter(({ fit }) => fit === name);
    const found = named.find((fit) => fit.model === model && fit.tensor_parallelism === tensorParallelism);
    if (found !== undefined) return new DistServeIterationTimes(found, largeBatch);
    const known = named.map((fit) => `${fit.model} with tensor parallelism ${fit.tensor_parallelism}`);
    throw new ConfigError(
      "unknown_instance_kind",
      `The fit '${name}' has no coefficients of ${model} with tensor parallelism ${tensorParallelism}.`,
      {
        path: "performance_model",
        hint:
          known.length > 0
            ? `It knows ${known.join("; ")}.`
            : `Fits: ${[...new Set(fits.map(({ fit }) => fit))].join(", ")}.`,
      },
    );
  }

  taskTimes(): never {
    throw new ConfigError("no_task_times", "DistServe's model times iterations, and a DEFAULT instance whole tasks.", {
      path: "performance_model",
      hint: "Use performance_model=constant, or another start_state.instance.instance_type.",
    });
  }
}

export const distServe: PerformanceModelDefinition = {
  targets: ["performance_models.DistServe"],
  create: (parameters) => new DistServePerformanceModel(parameters as DistServeParameters),
};
