/** Counts what became of a sweep's runs while it runs. */
import type { CompleteRun } from "./complete-run.ts";
import type { PlanEntry } from "./plan.ts";
import type { ProgressCounts } from "./progress.ts";
import type { RunFailure } from "./run-task.ts";

export class SweepTally {
  readonly complete: Map<number, CompleteRun>;
  readonly failed = new Map<number, { readonly entry: PlanEntry; readonly error: RunFailure }>();
  /** Runs handed to the launcher, and those that it has reported. */
  started = 0;
  ended = 0;
  readonly #total: number;
  #requests = 0;

  constructor(total: number, complete: ReadonlyMap<number, CompleteRun>) {
    this.#total = total;
    this.complete = new Map(complete);
  }

  succeed({ number }: PlanEntry, run: CompleteRun): void {
    this.complete.set(number, run);
    this.#requests += run.metrics.requests ?? 0;
  }

  fail(entry: PlanEntry, error: RunFailure): void {
    this.failed.set(entry.number, { entry, error });
  }

  counts(): ProgressCounts {
    return {
      total: this.#total,
      done: this.complete.size,
      failed: this.failed.size,
      running: this.started - this.ended,
      requests: this.#requests,
    };
  }
}
