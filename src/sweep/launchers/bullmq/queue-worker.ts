/** The worker's side of a queue: takes jobs, runs them in threads of its own, and sends what came of them. */
import { randomUUID } from "node:crypto";
import type { Job, Worker } from "bullmq";
import type { Redis } from "ioredis";
import { SweepError } from "../../../errors.ts";
import type { RunFailure, RunResult, RunTask } from "../../run-task.ts";
import { type RunOutcome, toRunFailure } from "../launcher.ts";
import { ThreadPool } from "../thread-pool.ts";
import { putPieces } from "./blobs.ts";
import { type InputCache, MissingInputError } from "./input-store.ts";
import { decodeRuns, type JobData, RESULT_KEY_PREFIX, relocated } from "./job.ts";
import type { JobReport, RunReport } from "./job-report.ts";
import type { Packages } from "./redis-connection.ts";
import type { RunArchive } from "./run-archive.ts";

export interface QueueWorkerOptions {
  readonly queue: string;
  /** Of the program and its result format. */
  readonly madeBy: string;
  /** Runs at a time. */
  readonly threads: number;
  /** Built JavaScript file whose default export is `threadWorker` of a function that resolves to `ArchivedRun`. */
  readonly workerUrl: URL;
  /** Heap limit of each thread, in MiB; default: Node's. */
  readonly maxHeapMebibytes?: number | undefined;
  /** After so long without a sign of life from a worker, others take over its jobs. */
  readonly lostAfterSeconds: number;
  readonly inputs: InputCache;
  readonly onJob: (runs: number, failed: number) => void;
}

/** What a thread resolves to. */
export interface ArchivedRun extends RunResult {
  readonly archive: RunArchive;
}

/** Workers that may die with a job in hand before it counts as failed: one that kills them must not go round for ever. */
const MOST_DEATHS = 5;
/** A submitter that is away for longer has its runs done again. */
const RESULT_EXPIRY_SECONDS = 24 * 3600;

export class QueueWorker {
  readonly #options: QueueWorkerOptions;
  readonly #redis: Redis;
  readonly #pool: ThreadPool<ArchivedRun>;
  readonly #worker: Worker<JobData, JobReport>;
  /** Jobs that are being run. */
  active = 0;

  constructor({ bullmq }: Packages, redis: Redis, options: QueueWorkerOptions) {
    this.#options = options;
    this.#redis = redis;
    this.#pool = new ThreadPool({ ...options, threads: options.threads });
    this.#worker = new bullmq.Worker<JobData, JobReport>(options.queue, (job) => this.#process(job), {
      connection: redis,
      prefix: "servesweep",
      concurrency: options.threads,
      lockDuration: options.lostAfterSeconds * 1000,
      stalledInterval: options.lostAfterSeconds * 500,
      maxStalledCount: MOST_DEATHS,
      // After a server that was away.
      runRetryDelay: 1000,
    });
    // Its connections mend themselves; a job that is lost meanwhile is queued again by its submitter.
    this.#worker.on("error", () => {});
  }

  /** Finishes the jobs in hand and takes no other. */
  async close(): Promise<void> {
    await this.#worker.close();
    await this.#pool.destroy();
  }

  async #process(job: Job<JobData, JobReport>): Promise<JobReport> {
    this.active++;
    try {
      return await this.#run(job.data);
    } catch (error) {
      throw await this.#finalError(error);
    } finally {
      this.active--;
    }
  }

  /** Trying the job again on the next worker would not help. */
  async #finalError(error: unknown): Promise<Error> {
    if (error instanceof MissingInputError) return error;
    return new Error(toRunFailure(error).message.split("\n")[0], { cause: error });
  }

  async #run({ madeBy, runs, inputs, retries, timeoutSeconds }: JobData): Promise<JobReport> {
    const { inputs: cache, madeBy: own, onJob } = this.#options;
    if (madeBy !== own) throw new SweepError("SERVER", `the sweep is of ${madeBy}, the worker is ${own}`);
    for (const sha256 of inputs) await cache.fetch(this.#redis, sha256);
    const tasks = decodeRuns(runs).map(
      ({ number, runId, keepsFiles, spec }): RunTask => ({
        number,
        runId,
        // The submitter knows where; here it only matters whether.
        outputDir: keepsFiles ? "" : undefined,
        overrides: [],
        spec: relocated(spec, (sha256) => cache.pathOf(sha256)),
      }),
    );
    const retried = new Map<RunTask, RunFailure[]>(tasks.map((task) => [task, []]));
    const start = performance.now();
    const outcomes = await this.#pool.runBatch(tasks, {
      retries,
      onRetry: (task, failure) => retried.get(task)?.push(failure),
      timeoutSeconds: timeoutSeconds ?? undefined,
    });
    const seconds = (performance.now() - start) / 1000;
    const reports: RunReport[] = [];
    for (const outcome of outcomes) reports.push(await this.#report(outcome, retried.get(outcome.task) ?? []));
    onJob(outcomes.length, outcomes.filter((outcome) => "failure" in outcome).length);
    return { seconds, runs: reports };
  }

  async #report(outcome: RunOutcome<ArchivedRun>, retried: readonly RunFailure[]): Promise<RunReport> {
    if ("failure" in outcome) return { retried, failure: outcome.failure };
    const { archive, ...result } = outcome.result;
    if (outcome.task.outputDir === undefined) return { retried, result };
    const { files, pieces } = archive;
    // Of two workers that run the same job, neither may write into what the other sends.
    const piecesKey = `${RESULT_KEY_PREFIX}${randomUUID()}`;
    await putPieces(this.#redis, piecesKey, pieces, RESULT_EXPIRY_SECONDS);
    return { retried, result, files, piecesKey };
  }
}
