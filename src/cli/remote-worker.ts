/** What a thread of `sweep worker` runs: a run whose files go to the machine that asked for it. */
import { computeRun } from "../run-one.ts";
import type { ArchivedRun } from "../sweep/launchers/bullmq/queue-worker.ts";
import { archiveOf } from "../sweep/launchers/bullmq/run-archive.ts";
import { threadWorker } from "../sweep/launchers/thread-worker.ts";

// Piscina calls a worker file's default export.
export default threadWorker(async (task): Promise<ArchivedRun> => {
  const { files, ...result } = await computeRun(task, task.outputDir !== undefined);
  return { ...result, archive: archiveOf(files) };
});
