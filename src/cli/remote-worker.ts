/** What a thread of `sweep worker` runs: a run whose files go to the machine that asked for it. */
import { SweepError } from "../errors.ts";
import type { RunSpec } from "../inputs/run-spec.ts";
import { computeRun } from "../run-one.ts";
import type { ArchivedRun } from "../sweep/launchers/bullmq/queue-worker.ts";
import { archiveOf } from "../sweep/launchers/bullmq/run-archive.ts";
import { threadWorker } from "../sweep/launchers/thread-worker.ts";

// Piscina calls a worker file's default export.
export default threadWorker(async (task): Promise<ArchivedRun> => {
  // Whoever may write to the queue must not have code of theirs run here.
  if ((task.spec as RunSpec).plugins !== undefined)
    throw new SweepError("USAGE", "a worker of a queue runs no plugins");
  const { files, ...result } = await computeRun(task, task.outputDir !== undefined);
  return { ...result, archive: archiveOf(files) };
});
