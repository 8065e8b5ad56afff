/** Runs the tasks on a pool of worker threads (Piscina). */
import { availableParallelism } from "node:os";
import { Piscina } from "piscina";
import { SweepError } from "../../errors.ts";
import type { RunResult, RunTask } from "../run-task.ts";
import { type Launcher, RunFailedError, runWithRetries } from "./launcher.ts";
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

/** A worker that dies (out of memory, a native crash, `process.exit`) fails its own run only; the pool replaces it. */
export function threadsLauncher(options: ThreadsOptions): Launcher {
  return {
    name: "threads",
    async launch(tasks, { taskCount, signal, retries = 0, onOutcome }) {
      const threads = Math.max(1, Math.min(taskCount, options.threads ?? availableParallelism()));
      const pool = createPool(options, threads);
      const queue = tasks[Symbol.iterator]();
      let stopped = false;
      // One lane per thread draws a task when its last one is done, so that few specs are in memory and an abort leaves none queued.
      const lane = async () => {
        while (!stopped && !signal?.aborted) {
          const next = queue.next();
          if (next.done) return;
          onOutcome(await runWithRetries(next.value, retries, (task) => runInPool(pool, task, options)));
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

function createPool({ maxHeapMebibytes }: ThreadsOptions, threads: number): Piscina<RunTask, ThreadReply> {
  const pool = new Piscina<RunTask, ThreadReply>({
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

async function runInPool(
  pool: Piscina<RunTask, ThreadReply>,
  task: RunTask,
  options: ThreadsOptions,
): Promise<RunResult> {
  const { workerUrl, timeoutSeconds } = options;
  const signal = timeoutSeconds === undefined ? undefined : AbortSignal.timeout(timeoutSeconds * 1000);
  let reply: ThreadReply;
  try {
    // The file is named here and not to the pool, which would replace workers that cannot load it for ever.
    reply = await pool.run(task, { filename: workerUrl.href, signal: signal ?? null });
  } catch (error) {
    if (signal?.aborted) {
      throw new SweepError("SIMULATION", `the run did not end within ${timeoutSeconds} s`, {
        hint: "allow more time by --timeout",
        cause: error,
      });
    }
    throw workerError(error, options);
  }
  if ("failure" in reply) throw new RunFailedError(reply.failure);
  return reply.result;
}

function workerError(error: unknown, { maxHeapMebibytes }: ThreadsOptions): unknown {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ERR_WORKER_OUT_OF_MEMORY") {
    const limit = maxHeapMebibytes === undefined ? "" : ` of ${maxHeapMebibytes} MiB`;
    return new SweepError("SIMULATION", `the worker ran out of memory: its heap limit${limit} is reached`, {
      hint: "allow each worker more heap, run fewer at once, or write fewer of a run's outputs",
      cause: error,
    });
  }
  if (error instanceof Error) {
    return new SweepError("SIMULATION", `the worker died: ${error.message}`, { cause: error });
  }
  return error;
}
