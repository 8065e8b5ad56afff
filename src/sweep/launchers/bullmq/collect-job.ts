/** Brings what a job came to into the submitter's directory. */
import type { Redis } from "ioredis";
import { writeShard } from "../../../results/write-shard.ts";
import type { RunFailure, RunTask } from "../../run-task.ts";
import { type RunOutcome, toRunFailure } from "../launcher.ts";
import { getPieces } from "./blobs.ts";
import { type JobReport, parseReport, type RunReport } from "./job-report.ts";
import { filesOf } from "./run-archive.ts";

export interface CollectedJob {
  readonly report: JobReport;
  readonly runs: readonly CollectedRun[];
}

export interface CollectedRun {
  readonly task: RunTask;
  /** Failures of attempts that were tried again. */
  readonly retried: readonly RunFailure[];
  readonly outcome: RunOutcome;
}

/**
 * Writes the shards of the job's runs, where they have one. Undefined if the report is none, or the server no longer has all the
 * files; a disk that refuses fails the run.
 */
export async function collectJob(
  redis: Redis,
  returned: unknown,
  tasks: readonly RunTask[],
): Promise<CollectedJob | undefined> {
  const report = parseReport(returned, tasks);
  if (report === undefined) return undefined;
  const runs: CollectedRun[] = [];
  for (const [index, task] of tasks.entries()) {
    const run = report.runs[index];
    const outcome = await collectRun(redis, task, run);
    if (outcome === undefined) return undefined;
    runs.push({ task, retried: run.retried, outcome });
  }
  const keys = report.runs.flatMap(({ piecesKey }) => (piecesKey === undefined ? [] : [piecesKey]));
  if (keys.length > 0) await redis.del(...keys);
  return { report, runs };
}

async function collectRun(redis: Redis, task: RunTask, report: RunReport): Promise<RunOutcome | undefined> {
  const { failure, result, files = [], piecesKey } = report;
  // The disk that refuses a worker's files is not the sweep's.
  if (failure !== undefined) return { task, failure: { ...failure, isDiskRefusal: undefined } };
  if (result === undefined) return undefined;
  if (task.outputDir === undefined) return { task, result };
  const pieces = piecesKey === undefined ? [] : await getPieces(redis, piecesKey);
  if (pieces === undefined) return undefined;
  const { contents, isWhole } = filesOf({ files, pieces });
  if (!isWhole) return undefined;
  try {
    await writeShard(task.outputDir, contents, result);
    return { task, result };
  } catch (error) {
    // A damaged piece is as good as a lost one.
    if (error instanceof Error && "code" in error && String(error.code).startsWith("Z_")) return undefined;
    return { task, failure: toRunFailure(error) };
  }
}
