/** Brings a sweep to its end: skips what is complete, runs the rest, keeps the books. The same call resumes. */
import { join } from "node:path";
import { fileError, writeFileAtomically } from "../results/durable-files.ts";
import { readMarker, type ShardMarker } from "../results/shard-marker.ts";
import { inspectSweep, otherRun, sweepRows } from "./inspect-sweep.ts";
import { openJournal } from "./journal.ts";
import { type Launcher, type RunOutcome, toRunFailure } from "./launchers/launcher.ts";
import { acquireLock } from "./lock.ts";
import type { PlanEntry } from "./plan.ts";
import type { Progress } from "./progress.ts";
import type { RunFailure, RunTask } from "./run-task.ts";
import { formatRunsCsv, RUNS_TABLE_NAME } from "./runs-csv.ts";
import { outputDirOf, readPlan, removeLeftovers } from "./sweep-directory.ts";
import type { SweepRow } from "./sweep-row.ts";

export interface SweepOptions {
  /** A directory made by `createSweep`. */
  readonly sweepDir: string;
  readonly launcher: Launcher;
  /** Makes the `spec` of a run's task when the run is about to start. If it throws, that run has failed. */
  readonly specOf: (entry: PlanEntry) => unknown;
  /** What a failed run does to those that have not started. */
  readonly failurePolicy: "keep-going" | "fail-fast";
  readonly retries?: number | undefined;
  readonly progress?: Progress | undefined;
  /** Once aborted, no new run starts and those in flight are finished. */
  readonly signal?: AbortSignal | undefined;
}

export interface FailedRun {
  readonly entry: PlanEntry;
  readonly error: RunFailure;
}

export interface SweepOutcome {
  /** Runs completed by this call. */
  readonly done: number;
  /** Runs that were complete before. */
  readonly skipped: number;
  readonly failed: readonly FailedRun[];
  /** Runs that never started, because of an abort or `fail-fast`. */
  readonly pending: number;
  readonly sweptKeys: readonly string[];
  /** All runs in order of their numbers, as in `runs.csv`. */
  readonly rows: readonly SweepRow[];
}

/**
 * Runs what is missing of the sweep in `sweepDir` and writes its table. Rejects with a `SWEEP` error if the directory is no
 * sweep or in use, and with a `FILE` error if the books cannot be kept (the runs in flight are then finished first); a
 * failing run is part of the outcome.
 */
export async function runSweep(options: SweepOptions): Promise<SweepOutcome> {
  const { sweepDir, progress } = options;
  const plan = readPlan(sweepDir);
  const lock = acquireLock(sweepDir);
  try {
    removeLeftovers(sweepDir, plan);
    const before = await inspectSweep(sweepDir);
    const complete = new Map(before.complete);
    const failed = new Map<number, FailedRun>();
    const journal = openJournal(sweepDir);
    try {
      for (const { number, runId } of plan.entries) {
        if (complete.has(number) && before.journal.get(number)?.status !== "done") {
          journal.append({ number, runId, status: "done" });
        }
      }
      const counts = () => ({ total: plan.entries.length, done: complete.size, failed: failed.size });
      progress?.start(counts());
      const record = (entry: PlanEntry, result: ShardMarker | RunFailure) => {
        const { number, runId } = entry;
        if ("code" in result) {
          failed.set(number, { entry, error: result });
          journal.append({ number, runId, status: "failed", error: result });
        } else {
          complete.set(number, result);
          journal.append({ number, runId, status: "done" });
        }
        progress?.update(counts());
      };
      await launchMissing(
        options,
        before.missing.map(({ entry }) => entry),
        record,
      );
    } finally {
      progress?.stop();
      journal.close();
    }
    const missing = before.missing
      .filter(({ entry }) => !complete.has(entry.number))
      .map((run) => ({
        ...run,
        ...(failed.has(run.entry.number) ? { failure: failed.get(run.entry.number)!.error } : {}),
      }));
    const rows = sweepRows({ ...before, complete, missing });
    writeTable(sweepDir, formatRunsCsv(rows, plan.sweptKeys));
    return {
      done: complete.size - before.complete.size,
      skipped: before.complete.size,
      failed: [...failed.values()].sort((a, b) => a.entry.number - b.entry.number),
      pending: missing.length - failed.size,
      sweptKeys: plan.sweptKeys,
      rows,
    };
  } finally {
    lock.release();
  }
}

/** Launches the runs and records each that ends. */
async function launchMissing(
  { sweepDir, launcher, specOf, failurePolicy, retries, signal }: SweepOptions,
  missing: readonly PlanEntry[],
  record: (entry: PlanEntry, result: ShardMarker | RunFailure) => void,
): Promise<void> {
  if (missing.length === 0 || signal?.aborted) return;
  const failFast = new AbortController();
  const entries = new Map(missing.map((entry) => [entry.number, entry]));
  const conclude = (entry: PlanEntry, result: ShardMarker | RunFailure) => {
    if ("code" in result && failurePolicy === "fail-fast") failFast.abort();
    record(entry, result);
  };
  function* tasks(): Generator<RunTask> {
    for (const entry of missing) {
      let spec: unknown;
      try {
        spec = specOf(entry);
      } catch (error) {
        conclude(entry, toRunFailure(error));
        if (failFast.signal.aborted) return;
        continue;
      }
      const { number, runId, overrides } = entry;
      yield { number, runId, outputDir: outputDirOf(sweepDir, entry), overrides, spec };
    }
  }
  await launcher.launch(tasks(), {
    taskCount: missing.length,
    retries,
    signal: signal === undefined ? failFast.signal : AbortSignal.any([signal, failFast.signal]),
    onOutcome: (outcome) => conclude(entries.get(outcome.task.number)!, resultOf(outcome)),
  });
}

/** The shard decides: a run that reports success without one has failed. */
function resultOf(outcome: RunOutcome): ShardMarker | RunFailure {
  if ("failure" in outcome) return outcome.failure;
  const { task } = outcome;
  const marker = readMarker(task.outputDir);
  if (marker !== undefined && typeof marker !== "string" && marker.runId === task.runId) return marker;
  const found =
    marker === undefined ? "there is no shard" : typeof marker === "string" ? marker : otherRun(marker, task);
  return { code: "INTERNAL", message: `run ${task.number} ended without its shard in ${task.outputDir}: ${found}` };
}

function writeTable(sweepDir: string, text: string): void {
  try {
    writeFileAtomically(join(sweepDir, RUNS_TABLE_NAME), text);
  } catch (error) {
    throw fileError("cannot write the table of the sweep", error);
  }
}
