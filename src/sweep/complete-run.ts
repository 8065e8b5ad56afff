/** What is kept of a complete run for the tables of its sweep, wherever its shard is. */
import type { RunMetrics } from "../results/metrics.ts";

export interface CompleteRun {
  readonly runId: string;
  readonly metrics: RunMetrics;
  readonly notes: readonly string[];
}
