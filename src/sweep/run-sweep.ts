/** Brings a sweep to its end: skips what is complete, runs the rest, keeps the books. The same call resumes. */
import { join } from "node:path";
import { SweepError } from "../errors.ts";
import { fileError, writeFileAtomically } from "../results/durable-files.ts";
import type { CompleteRun } from "./complete-run.ts";
import { inspectSweep, type SweepState, sweepRows } from "./inspect-sweep.ts";
import { openJournal } from "./journal.ts";
import { type Launcher, toRunFailure } from "./launchers/launcher.ts";
import { acquireLock } from "./lock.ts";
import type { PlanEntry } from "./plan.ts";
import type { Progress } from "./progress.ts";
import { refuseLinks } from "./refuse-links.ts";
import { openRunStore, type RunStore } from "./run-store.ts";
import type { RunFailure, RunTask } from "./run-task.ts";
import { formatRunsCsv, RUNS_TABLE_NAME } from "./runs-csv.ts";
import { removeLeftovers, requireSweep } from "./sweep-directory.ts";
import type { SweepRow } from "./sweep-row.ts";
import { SweepTally } from "./sweep-tally.ts";

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
  /** Sees what is there before anything changes, such as what is damaged; nothing is run or removed if it throws. */
  readonly onInspected?: ((state: SweepState) => void) | undefined;
  /** A run has failed and is tried again. */
  readonly onRetry?: ((entry: PlanEntry, failure: RunFailure) => void) | undefined;
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
 * sweep or in use, and with a `FILE` error if the disk takes no results or the books cannot be kept (the runs in flight are then
 * finished first); any other failing run is part of the outcome.
 */
export async function runSweep(options: SweepOptions): Promise<SweepOutcome> {
  const { sweepDir } = options;
  requireSweep(sweepDir);
  const lock = acquireLock(sweepDir);
  try {
    const before = await inspectSweep(sweepDir);
    options.onInspected?.(before);
    refuseLinks(sweepDir, before.plan.rowsPerPack === undefined ? before.missing.map(({ entry }) => entry) : []);
    removeLeftovers(sweepDir, before.plan);
    const tally = await runMissing(options, before);
    const missing = before.missing
      .filter(({ entry }) => !tally.complete.has(entry.number))
      .map((run) => {
        const failed = tally.failed.get(run.entry.number);
        return { ...run, ...(failed === undefined ? {} : { failure: failed.error }) };
      });
    const rows = sweepRows({ plan: before.plan, complete: tally.complete, missing });
    writeTable(sweepDir, formatRunsCsv(rows, before.plan.sweptKeys));
    return {
      done: tally.complete.size - before.complete.size,
      skipped: before.complete.size,
      failed: [...tally.failed.values()].sort((a, b) => a.entry.number - b.entry.number),
      pending: missing.length - tally.failed.size,
      sweptKeys: before.plan.sweptKeys,
      rows,
    };
  } finally {
    lock.release();
  }
}

/** Runs what is missing; the books are in order when it resolves or rejects. */
async function runMissing(options: SweepOptions, before: SweepState): Promise<SweepTally> {
  const { sweepDir, progress } = options;
  const { entries } = before.plan;
  const tally = new SweepTally(entries.length, before.complete);
  const journal = openJournal(sweepDir);
  try {
    const unwritten = entries.filter(
      ({ number }) => before.complete.has(number) && before.journal.get(number)?.status !== "done",
    );
    const done = ({ number, runId }: { readonly number: number; readonly runId: string }) =>
      ({ number, runId, status: "done" }) as const;
    journal.append(unwritten.map(done));
    const store = openRunStore(sweepDir, before, (runs) => journal.append(runs.map(done)));
    progress?.start(tally.counts());
    const record = (entry: PlanEntry, result: CompleteRun | RunFailure) => {
      const { number, runId } = entry;
      if ("code" in result) {
        tally.fail(entry, result);
        journal.append([{ number, runId, status: "failed", error: result }]);
      } else {
        tally.succeed(entry, result);
      }
      progress?.update(tally.counts());
    };
    try {
      await launchMissing(options, store, before, tally, record);
    } finally {
      progress?.stop();
      store.close();
    }
  } finally {
    journal.close();
  }
  return tally;
}

/** Launches the runs and records each that ends. */
async function launchMissing(
  { launcher, specOf, failurePolicy, retries, signal, progress, onRetry }: SweepOptions,
  store: RunStore,
  before: SweepState,
  tally: SweepTally,
  record: (entry: PlanEntry, result: CompleteRun | RunFailure) => void,
): Promise<void> {
  const missing = before.missing.map(({ entry }) => entry);
  if (missing.length === 0 || signal?.aborted) return;
  const failFast = new AbortController();
  const entries = new Map(missing.map((entry) => [entry.number, entry]));
  const conclude = (entry: PlanEntry, result: CompleteRun | RunFailure) => {
    if ("code" in result && result.isDiskRefusal) throw new SweepError(result.code, result.message, result);
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
      tally.started++;
      progress?.update(tally.counts());
      yield { number, runId, outputDir: store.outputDirOf(entry), overrides, spec };
    }
  }
  await launcher.launch(tasks(), {
    taskCount: missing.length,
    retries,
    signal: signal === undefined ? failFast.signal : AbortSignal.any([signal, failFast.signal]),
    onRetry: (task, failure) => onRetry?.(entries.get(task.number)!, failure),
    onOutcome(outcome) {
      tally.ended++;
      const { task } = outcome;
      conclude(entries.get(task.number)!, "failure" in outcome ? outcome.failure : store.keep(task, outcome.result));
    },
  });
}

function writeTable(sweepDir: string, text: string): void {
  try {
    writeFileAtomically(join(sweepDir, RUNS_TABLE_NAME), text);
  } catch (error) {
    throw fileError("cannot write the table of the sweep", error);
  }
}
