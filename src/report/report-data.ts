/** What a report shows, as the plain data that its page carries. */
import type { LatencyQuantiles } from "../analysis/latencies.ts";
import type { RunTable } from "../analysis/run-table.ts";

export interface ReportData {
  /** Name of the sweep's folder. */
  readonly title: string;
  readonly createdBy: string;
  /** What was swept: keys with the number of their values. */
  readonly table: RunTable;
  /** Of runs that kept the table of their requests, as far as they were read. */
  readonly distributions: readonly RunDistribution[];
  /** Runs whose distributions were not read, because there are too many. */
  readonly distributionsLeftOut: number;
  readonly timeSeries: readonly RunSamples[];
  /** Of runs that swap models. */
  readonly swapping?: { readonly runs: readonly RunSwapping[]; readonly leftOut: number };
  readonly failures: readonly Failure[];
  /** The configuration of the sweep's first run, leaf by leaf. */
  readonly config: readonly ConfigLeaf[];
}

export interface RunDistribution extends LatencyQuantiles {
  /** Row of the table. */
  readonly row: number;
}

/** Samples over time of one run: a column of seconds, and a line per instance. */
export interface RunSamples {
  readonly row: number;
  readonly seconds: readonly number[];
  readonly measures: readonly SampledMeasure[];
}

export interface SampledMeasure {
  readonly name: string;
  readonly unit: string;
  /** Mean over the instances, and the least and the most of them, at each of the run's seconds. */
  readonly mean: readonly number[];
  readonly low: readonly number[];
  readonly high: readonly number[];
}

/** Rows of a CSV file by column, and how many it has. */
export interface SwappingTable {
  readonly rows: readonly Readonly<Record<string, string>>[];
  readonly total: number;
}

export interface RunSwapping {
  readonly number: number;
  readonly overrides: string;
  readonly models: SwappingTable;
  readonly groups: SwappingTable;
  readonly links: SwappingTable;
}

export interface Failure {
  readonly number: number;
  readonly overrides: string;
  readonly message: string;
}

export interface ConfigLeaf {
  readonly path: string;
  readonly value: string;
  /** `file:line:column`, or the override. */
  readonly origin: string;
}
