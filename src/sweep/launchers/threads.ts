/** Runs the tasks on a pool of worker threads. */
import { availableParallelism } from "node:os";
import type { RunTask } from "../run-task.ts";
import { createBatchSizer } from "./batch-size.ts";
import type { Launcher } from "./launcher.ts";
import { ThreadPool, type ThreadPoolOptions } from "./thread-pool.ts";

export interface ThreadsOptions extends Omit<ThreadPoolOptions, "threads"> {
  /** Default: as many as the machine has cores for. */
  readonly threads?: number | undefined;
  /** A run that takes longer is stopped, and failed. */
  readonly timeoutSeconds?: number | undefined;
}

/** A worker that dies (out of memory, a native crash, `process.exit`) fails its own run only; the pool replaces it. */
export function threadsLauncher(options: ThreadsOptions): Launcher {
  return {
    name: "threads",
    async launch(tasks, { taskCount, signal, retries, onRetry, onOutcome }) {
      const threads = Math.max(1, Math.min(taskCount, options.threads ?? availableParallelism()));
      const pool = new ThreadPool({ ...options, threads });
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
          const outcomes = await pool.runBatch(batch, { timeoutSeconds: options.timeoutSeconds, retries, onRetry });
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
