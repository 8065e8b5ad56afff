/** A pool of worker threads (Piscina) that runs batches of tasks, and isolates the run that kills its worker. */
import { Piscina } from "piscina";
import type { RunResult, RunTask } from "../run-task.ts";
import { type LaunchOptions, RunFailedError, type RunOutcome, runWithRetries } from "./launcher.ts";
import { timeoutError, workerError } from "./thread-errors.ts";
import type { ThreadReply } from "./thread-worker.ts";

export interface ThreadPoolOptions {
  /** Built JavaScript file whose default export is made by `threadWorker`. */
  readonly workerUrl: URL;
  readonly threads: number;
  /** Heap limit of each worker, in MiB; default: Node's. */
  readonly maxHeapMebibytes?: number | undefined;
}

export interface BatchOptions extends Pick<LaunchOptions, "retries" | "onRetry"> {
  /** A run that takes longer is stopped, and failed. */
  readonly timeoutSeconds?: number | undefined;
}

/** `Result` is what the worker's run function resolves to. */
export class ThreadPool<Result extends RunResult = RunResult> {
  readonly #options: ThreadPoolOptions;
  readonly #pool: Piscina<readonly RunTask[], ThreadReply<Result>[]>;

  constructor(options: ThreadPoolOptions) {
    const { threads, maxHeapMebibytes } = options;
    this.#options = options;
    this.#pool = new Piscina({
      minThreads: threads,
      maxThreads: threads,
      concurrentTasksPerWorker: 1,
      // The cheapest per task, as measured for runs of milliseconds.
      atomics: "disabled",
      ...(maxHeapMebibytes === undefined ? {} : { resourceLimits: { maxOldGenerationSizeMb: maxHeapMebibytes } }),
    });
    // A worker that dies while idle is replaced; one that dies in a run rejects that run.
    this.#pool.on("error", () => {});
  }

  /** If the worker dies or the time is up, each run of the batch gets a worker and the time for itself: only the culprit fails. */
  async runBatch(batch: readonly RunTask[], options: BatchOptions): Promise<RunOutcome<Result>[]> {
    const { retries = 0, onRetry } = options;
    const alone = (task: RunTask, left = retries) =>
      runWithRetries(task, { retries: left, onRetry }, async () => resultOf((await this.#run([task], options))[0]));
    const replies = batch.length === 1 ? undefined : await this.#run(batch, options).catch(() => undefined);
    const outcomes: RunOutcome<Result>[] = [];
    for (const [index, task] of batch.entries()) {
      const reply = replies?.[index];
      if (reply === undefined) outcomes.push(await alone(task));
      else if ("failure" in reply && retries > 0 && !reply.failure.isDiskRefusal) {
        onRetry?.(task, reply.failure);
        outcomes.push(await alone(task, retries - 1));
      } else outcomes.push({ task, ...reply });
    }
    return outcomes;
  }

  /** Ends the workers, whatever they are doing. */
  destroy(): Promise<void> {
    return this.#pool.destroy();
  }

  async #run(batch: readonly RunTask[], { timeoutSeconds }: BatchOptions): Promise<ThreadReply<Result>[]> {
    const { workerUrl, maxHeapMebibytes } = this.#options;
    const signal = timeoutSeconds === undefined ? null : AbortSignal.timeout(timeoutSeconds * 1000);
    try {
      // The file is named here and not to the pool, which would replace workers that cannot load it for ever.
      return await this.#pool.run(batch, { filename: workerUrl.href, signal });
    } catch (error) {
      if (timeoutSeconds !== undefined && signal?.aborted) throw timeoutError(timeoutSeconds, error);
      throw workerError(error, maxHeapMebibytes);
    }
  }
}

function resultOf<Result extends RunResult>(reply: ThreadReply<Result>): Result {
  if ("failure" in reply) throw new RunFailedError(reply.failure);
  return reply.result;
}
