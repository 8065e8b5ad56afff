/** The contract of a performance model: how long iterations and whole tasks take. */

/** What a batch looks like to a performance model. Engines keep it up to date as tasks join and leave. */
export interface BatchShape {
  /** Requests in prefill, and the sum of their prompt tokens. */
  prefills: number;
  promptTokens: number;
  /** Sum of the squares of their prompt lengths. */
  squaredPromptTokens: number;
  /** Requests in decode: one token each per iteration. */
  decodes: number;
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

/** Kind of instance that times are asked for. */
export interface InstanceKind {
  readonly modelArchitecture: string;
  readonly processorName: string;
  readonly tensorParallelism: number;
}

/** A model offers one or both of the two views; asking for the other, or for an unknown kind, is a ConfigError. */
export interface PerformanceModel {
  iterationTimes(kind: InstanceKind): IterationTimes;
  taskTimes(kind: InstanceKind): TaskTimes;
}
