/** One run in the tables of a sweep. */
import type { RunMetrics } from "../results/metrics.ts";
import type { PlanEntry } from "./plan.ts";

export interface SweepRow {
  readonly entry: PlanEntry;
  /** `pending`: not complete, and no failure is recorded. */
  readonly status: "done" | "failed" | "pending";
  /** Empty unless done. */
  readonly metrics: RunMetrics;
  /** What the run had to say, such as why requests were left unfinished. */
  readonly notes: readonly string[];
}
