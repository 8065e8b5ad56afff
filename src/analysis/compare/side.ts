/** One of the two sets of runs that are compared. */
import type { RunMetrics } from "../../results/metrics.ts";

export interface SideRun {
  readonly number: number;
  readonly overrides: readonly string[];
  /** `pending`: not complete, and no failure is recorded. */
  readonly status: "done" | "failed" | "pending";
  /** Empty unless done. */
  readonly metrics: RunMetrics;
}

export interface Side {
  readonly runs: readonly SideRun[];
  /** What a key is in a run that does not override it; undefined if that is not known. */
  defaultValue(key: string, run: SideRun | undefined): string | undefined;
}
