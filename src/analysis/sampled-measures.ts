/** Measures of instances over simulated time, as plain data. */

export interface SampledMeasure {
  readonly name: string;
  readonly unit: string;
  readonly doc: string;
  /** Mean over the instances and the samples of each point. */
  readonly mean: readonly number[];
  /** Least and most of one instance in one sample. */
  readonly low: readonly number[];
  readonly high: readonly number[];
}

/** The instances of one pool, or all where there are no pools. */
export interface PoolSamples {
  /** Tag of the instances, empty for none. */
  readonly pool: string;
  /** First sampled second of each point. */
  readonly seconds: readonly number[];
  /** Samples that a point stands for. */
  readonly samplesPerPoint: number;
  readonly measures: readonly SampledMeasure[];
}
