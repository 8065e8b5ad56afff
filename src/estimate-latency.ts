/** Latencies of one kind of request on one instance, by every performance model that a configuration names. */
import type { Composition } from "./config/index.ts";
import { ConfigError, SweepError } from "./errors.ts";
import { latencyInstance } from "./inputs/latency-instance.ts";
import { locateIn, withOrigins } from "./inputs/locate-error.ts";
import type { PathResolver } from "./inputs/path-resolver.ts";
import { performanceFiles } from "./inputs/performance-files.ts";
import type { InputFile } from "./inputs/run-spec.ts";
import { performanceData } from "./run-one.ts";
import { validateItem } from "./schema/validate.ts";
import { type AnalysedPasses, analysedPasses } from "./sim/latency/analysed-passes.ts";
import { type InstanceMemory, instanceMemory } from "./sim/latency/instance-memory.ts";
import type { LatencyConfig } from "./sim/latency/latency.schema.ts";
import { type LatencyRequest, type RequestLatency, requestLatency } from "./sim/latency/request-latency.ts";
import { createPerformanceModel } from "./sim/performance/index.ts";
import type { PerformanceModelParameters } from "./sim/performance/performance.schema.ts";
import type { PerformanceData, TimedInstance } from "./sim/performance/performance-model.ts";
import type { ProfileScalars } from "./sim/performance/profile/profile.ts";
import { didYouMean } from "./suggest.ts";

export interface ModelEstimate {
  /** Name of the performance model in the configuration. */
  readonly name: string;
  /** Undefined if the performance model cannot tell. */
  readonly latency: RequestLatency | undefined;
  /** Why it cannot, and what to do about it. */
  readonly reason: string | undefined;
  readonly hint: string | undefined;
  /** What to know of the estimate. */
  readonly remark: string | undefined;
  /** Its passes by operators, where the performance model counts these. */
  readonly passes: AnalysedPasses | undefined;
}

const NOTHING = { latency: undefined, reason: undefined, hint: undefined, remark: undefined, passes: undefined };

export interface LatencyEstimate {
  readonly request: LatencyRequest;
  readonly instance: TimedInstance;
  readonly memory: InstanceMemory;
  readonly estimates: readonly ModelEstimate[];
  readonly notes: readonly string[];
}

/** Errors: ConfigError for an invalid configuration; not for a performance model that does not know the instance. */
export function estimateLatency(composition: Composition, resolver: PathResolver): LatencyEstimate {
  return withOrigins(composition, () => estimate(composition, resolver));
}

/** Errors: ConfigError with every mistake. */
export function latencyConfig(composition: Composition): LatencyConfig {
  const config = composition.resolved();
  validateItem("latencyConfig", config, locateIn(composition));
  return config as unknown as LatencyConfig;
}

function estimate(composition: Composition, resolver: PathResolver): LatencyEstimate {
  const config = latencyConfig(composition);
  const { request, instance, notes } = latencyInstance(config);
  const estimates = config.compare.map((name, index) => {
    if (!Object.hasOwn(config.performance_models, name)) {
      const known = Object.keys(config.performance_models);
      throw new ConfigError("unknown_name", `There is no performance model '${name}' in performance_models.`, {
        path: `compare.${index}`,
        hint: didYouMean(name, known) ?? `Known: ${known.join(", ")}.`,
      });
    }
    return askModel(name, config.performance_models[name], { request, instance, resolver, notes });
  });
  const activationBytes = estimates.find(({ passes }) => passes !== undefined)?.passes?.prefill.activationBytes;
  return { request, instance, memory: instanceMemory(instance, request, activationBytes), estimates, notes };
}

interface Question {
  readonly request: LatencyRequest;
  readonly instance: TimedInstance;
  readonly resolver: PathResolver;
  readonly notes: string[];
}

function askModel(
  name: string,
  parameters: LatencyConfig["performance_models"][string],
  { request, instance, resolver, notes }: Question,
): ModelEstimate {
  const { data, notes: found } = performanceDataOf(name, parameters, resolver);
  notes.push(...found);
  const unknown = otherModel(data.profile?.scalars, instance);
  if (unknown !== undefined) return { ...NOTHING, name, ...unknown };
  try {
    const times = createPerformanceModel(parameters, data).iterationTimes(instance);
    return {
      ...NOTHING,
      name,
      latency: requestLatency(times, request),
      remark: measuredOn(parameters, data),
      passes: analysedPasses(parameters, instance, request),
    };
  } catch (error) {
    if (!(error instanceof SweepError) || error.code === "INTERNAL") throw error;
    return { ...NOTHING, name, reason: error.message, hint: error.hint };
  }
}

/** Said of performance models that were measured on one kind of hardware, and do not ask for which they are used. */
function measuredOn(parameters: PerformanceModelParameters, { profile }: PerformanceData): string | undefined {
  const whatever = "whatever the hardware asked for";
  if (profile !== undefined) return `measured on '${profile.scalars.model_name}', ${whatever}`;
  return "fit" in parameters
    ? `fitted to measurements of '${parameters.fit}' on hardware of its own, ${whatever}`
    : undefined;
}

/** What a performance model of the configuration reads. Errors: ConfigError for a file that is not there. */
export function performanceDataOf(name: string, parameters: PerformanceModelParameters, resolver: PathResolver) {
  const files = new Map<string, InputFile>();
  const notes: string[] = [];
  for (const { path, key } of performanceFiles(parameters)) {
    const { absolutePath, note } = resolver.resolve(path, "file", `performance_models.${name}.${key}`);
    files.set(path, { absolutePath, sha256: resolver.fingerprint(absolutePath) });
    if (note !== undefined) notes.push(note);
  }
  return { data: performanceData({ config: { performance_model: parameters }, files }), notes };
}

/** Why a profile, which in a simulation stands for whatever model it is given to, does not know this one. */
function otherModel(scalars: ProfileScalars | undefined, { modelArchitecture }: TimedInstance) {
  if (scalars === undefined || scalars.model === modelArchitecture) return undefined;
  return { reason: `The profile is of ${scalars.model}.`, hint: "Another: performance_models.profile.path=FILE." };
}
