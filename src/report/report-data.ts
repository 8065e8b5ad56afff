/** What a report shows, as the plain data that its page carries. */
import type { LatencyQuantiles } from "../analysis/latencies.ts";
import type { RunTable } from "../analysis/run-table.ts";
import type { PoolSamples } from "../analysis/sampled-measures.ts";

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
  /** Runs whose samples were not read, because there are too many. */
  readonly timeSeriesLeftOut: number;
  /** What the runs were measured against; empty without objectives. */
  readonly objectives: readonly Objective[];
  readonly failures: readonly Failure[];
  /** The configuration of the sweep's first run, leaf by leaf. */
  readonly config: readonly ConfigLeaf[];
}

export interface RunDistribution extends LatencyQuantiles {
  /** Row of the table. */
  readonly row: number;
}

/** Samples over time of one pool of a run's instances. */
export interface RunSamples extends PoolSamples {
  /** Row of the table. */
  readonly row: number;
}

/** A limit of the objectives, or the share of requests that meet one, by its column in the table. */
export interface Objective {
  /** Column of the measure. */
  readonly column: string;
  readonly label: string;
  /** `limit`: the measure must be below `limit`; `share`: of requests, and more is better. */
  readonly kind: "limit" | "share";
  /** Of the sweep's first run; null where the limit itself is swept or not known. */
  readonly limit: number | null;
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
