/** What is kept of a complete run for the tables of its sweep, wherever its shard is. */
import type { RunMetrics } from "../results/metrics.ts";
import type { ShardFile } from "../results/shard-marker.ts";

export interface CompleteRun {
  readonly runId: string;
  readonly metrics: RunMetrics;
  readonly notes: readonly string[];
  /** Of its shard; rows of packs have none. */
  readonly files?: readonly ShardFile[];
}
