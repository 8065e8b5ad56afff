/** Runs the tasks on a pool of worker threads (Piscina). */
import { availableParallelism } from "node:os";
import { Piscina } from "piscina";
import type { RunResult, RunTask } from "../run-task.ts";
import { createBatchSizer } from "./batch-size.ts";
import { type Launcher, type LaunchOptions, RunFailedError, type RunOutcome, runWithRetries } from "./launcher.ts";
import { timeoutError, workerError } from "./thread-errors.ts";
import type { ThreadReply } from "./thread-worker.ts";

export interface ThreadsOptions {
  /** Built JavaScript file whose default export is made by `threadWorker`. */
  readonly workerUrl: URL;
  /** Default: as many as the machine has cores for. */
  readonly threads?: number | undefined;
  /** Heap limit of each worker, in MiB; default: Node's. */
  readonly maxHeapMebibytes?: number | undefined;
  /** A run that takes longer is stopped, and failed. */
  readonly timeoutSeconds?: number | undefined;
}

type Pool = Piscina<readonly RunTask[], ThreadReply[]>;

/** A worker that dies (out of memory, a native crash, `process.exit`) fails its own run only; the pool replaces it. */
export function threadsLauncher(options: ThreadsOptions): Launcher {
  return {
    name: "threads",
    async launch(tasks, launchOptions) {
      const { taskCount, signal, onOutcome } = launchOptions;
      const threads = Math.max(1, Math.min(taskCount, options.threads ?? availableParallelism()));
      const pool = createPool(options, threads);
      const queue = tasks[Symbol.iterator]();
      const sizer = createBatchSizer(threads);
      let left = taskCount;
      let stopped = false;
      const isOpen = () => !stopped && !signal?.aborted;
      const draw = (): RunTask[] => {
        const batch: RunTask[] = [];
        for (let size = sizer.next(left); isOpen() && batch.length < size; ) {
          const next = queue.next();
          if (next.done) break;
          batch.push(next.value);
        }
        left = Math.max(0, left - batch.length);
        return batch;
      };
      // One lane per thread draws tasks when its last ones are done, so that few specs are in memory and an abort leaves none queued.
      const lane = async () => {
        for (let batch = draw(); batch.length > 0; batch = draw()) {
          const start = performance.now();
          const outcomes = await runBatch(pool, batch, options, launchOptions);
          sizer.learn(batch.length, (performance.now() - start) / 1000);
          outcomes.forEach(onOutcome);
        }
      };
      const guardedLane = () =>
        lane().catch((error: unknown) => {
          stopped = true;
          throw error;
        });
      try {
        const ends = await Promise.allSettled(Array.from({ length: threads }, guardedLane));
        const broken = ends.find((end) => end.status === "rejected");
        if (broken !== undefined) throw broken.reason;
      } finally {
        await pool.destroy();
      }
    },
  };
}

function createPool({ maxHeapMebibytes }: ThreadsOptions, threads: number): Pool {
  const pool: Pool = new Piscina({
    minThreads: threads,
    maxThreads: threads,
    concurrentTasksPerWorker: 1,
    // The cheapest per task, as measured for runs of milliseconds.
    atomics: "disabled",
    ...(maxHeapMebibytes === undefined ? {} : { resourceLimits: { maxOldGenerationSizeMb: maxHeapMebibytes } }),
  });
  // A worker that dies while idle is replaced; one that dies in a run rejects that run.
  pool.on("error", () => {});
  return pool;
}

/** If the worker dies or the time is up, each run of the batch gets a worker and the time for itself: only the culprit fails. */
async function runBatch(
  pool: Pool,
  batch: readonly RunTask[],
  options: ThreadsOptions,
  { retries = 0, onRetry }: LaunchOptions,
): Promise<RunOutcome[]> {
  const alone = (task: RunTask, left = retries) =>
    runWithRetries(task, { retries: left, onRetry }, async () => resultOf((await runInPool(pool, [task], options))[0]));
  const replies = batch.length === 1 ? undefined : await runInPool(pool, batch, options).catch(() => undefined);
  const outcomes: RunOutcome[] = [];
  for (const [index, task] of batch.entries()) {
    const reply = replies?.[index];
    if (reply === undefined) outcomes.push(await alone(task));
    else if ("failure" in reply && retries > 0) {
      onRetry?.(task, reply.failure);
      outcomes.push(await alone(task, retries - 1));
    } else outcomes.push({ task, ...reply });
  }
  return outcomes;
}

function resultOf(reply: ThreadReply): RunResult {
  if ("failure" in reply) throw new RunFailedError(reply.failure);
  return reply.result;
}

async function runInPool(pool: Pool, batch: readonly RunTask[], options: ThreadsOptions): Promise<ThreadReply[]> {
  const { workerUrl, timeoutSeconds } = options;
  const signal = timeoutSeconds === undefined ? null : AbortSignal.timeout(timeoutSeconds * 1000);
  try {
    // The file is named here and not to the pool, which would replace workers that cannot load it for ever.
    return await pool.run(batch, { filename: workerUrl.href, signal });
  } catch (error) {
    if (timeoutSeconds !== undefined && signal?.aborted) throw timeoutError(timeoutSeconds, error);
    throw workerError(error, options.maxHeapMebibytes);
  }
}
