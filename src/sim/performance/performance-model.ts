/** The contract of a performance model: how long iterations and whole tasks take. */

import type { Processor } from "../cluster/server.ts";
import type { ModelArchitecture, ModelSize } from "../workload/model.ts";
import type { KindCurves } from "./database.ts";
import type { PerformanceModelParameters } from "./performance.schema.ts";
import type { Profile } from "./profile/profile.ts";

/** What a batch looks like to a performance model. Engines keep it up to date as tasks join and leave. */
export interface BatchShape {
  /** Requests in prefill, and the sum of the prompt tokens that they compute in this iteration. */
  prefills: number;
  promptTokens: number;
  /** Sum of the squares of these. */
  squaredPromptTokens: number;
  /** Sum, over the same, of tokens computed now times tokens that were in the KV cache before (chunks, cached prefixes). */
  promptContextProducts: number;
  /** Requests in decode: one token each per iteration. */
  decodes: number;
  /** Tokens that these attend to in the next iteration, together; each has one more in the iteration after it. */
  contextTokens: number;
}

/**
 * Times of iterations on instances of one kind (model, processor, tensor parallelism). An engine jumps over all
 * iterations of an unchanged batch in one event, so it asks for a stretch of them and for the inverse.
 */
export interface IterationTimes {
  /** Seconds of the next `iterations` iterations of the batch. Errors: SimulationError if a time is not positive. */
  stretchSeconds(batch: BatchShape, iterations: number): number;
  /** How many iterations of the batch have ended `elapsedSeconds` after its stretch began. */
  iterationsWithin(batch: BatchShape, elapsedSeconds: number): number;
}

/** Times of whole tasks, for instances that run one task at a time. */
export interface TaskTimes {
  prefillSeconds(promptTokens: number): number;
  decodeSeconds(tokens: number): number;
}

/** Kind of instance, as measured tables name it. */
export interface InstanceKind {
  readonly modelArchitecture: string;
  readonly processorName: string;
  readonly tensorParallelism: number;
}

/** An instance that times are asked for: its kind, and what computed times need to know of it. */
export interface TimedInstance extends InstanceKind {
  readonly processor: Processor;
  readonly architecture: ModelArchitecture;
  readonly size: ModelSize;
}

/** A model offers one or both of the two views; asking for the other, or for an unknown kind, is a ConfigError. */
export interface PerformanceModel {
  iterationTimes(instance: TimedInstance): IterationTimes;
  taskTimes(instance: TimedInstance): TaskTimes;
}

/** What performance models read from files, as plain data. */
export interface PerformanceData {
  /** Rows of a database of measured curves; empty for other models. */
  readonly curves: readonly KindCurves[];
  /** The profile of the model of that name. */
  readonly profile?: Profile | undefined;
}

/** One entry of the registry of performance models. */
export interface PerformanceModelDefinition {
  readonly targets: readonly string[];
  create(parameters: PerformanceModelParameters, data: PerformanceData): PerformanceModel;
}
