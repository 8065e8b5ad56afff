/** The submitter's side of a queue: keeps some jobs in it, and brings in what came of them. */
import type { Job, Queue, QueueEvents } from "bullmq";
import type { Redis } from "ioredis";
import { SweepError } from "../../../errors.ts";
import type { RunFailure, RunTask } from "../../run-task.ts";
import { createBatchSizer } from "../batch-size.ts";
import type { LaunchOptions } from "../launcher.ts";
import type { BullmqOptions } from "./bullmq-launcher.ts";
import { collectJob } from "./collect-job.ts";
import { MISSING_INPUT, uploadInput } from "./input-store.ts";
import { declaredFiles, encodeRuns, type JobData, jobIdOf } from "./job.ts";
import type { JobReport } from "./job-report.ts";
import type { Packages } from "./redis-connection.ts";
import { ServerWatch } from "./server-watch.ts";

interface QueuedBatch {
  readonly tasks: readonly RunTask[];
  readonly data: JobData;
  /** How often the server has lost the job, its inputs or its results. */
  losses: number;
}

/** Long enough to hide the queue's 2 ms per job. */
const BATCH_SECONDS = 0.5;
/** Batches shrink towards the end as if there were so many workers; how many there are is known to nobody. */
const SHARES = 8;
/** Events say what has ended; this finds what the server forgot. */
const LOOK_AGAIN_MILLISECONDS = 1000;
const NO_WORKER_NOTE_MILLISECONDS = 5000;
/** A server that loses the same job so often does not do its part. */
const MOST_LOSSES = 5;
/** Left by a submitter that died for good. */
const FORGOTTEN_JOB_SECONDS = 24 * 3600;

type Queued = Job<JobData, JobReport>;

export class Submission {
  readonly #options: BullmqOptions;
  readonly #launch: LaunchOptions;
  readonly #redis: Redis;
  readonly #queue: Queue<JobData, JobReport>;
  readonly #events: QueueEvents;
  readonly #server: ServerWatch;
  readonly #queued = new Map<string, QueuedBatch>();
  /** Jobs that the queue says have ended. */
  readonly #ended = new Set<string>();
  #wake: () => void = () => {};

  constructor({ bullmq }: Packages, redis: Redis, options: BullmqOptions, launch: LaunchOptions) {
    this.#options = options;
    this.#launch = launch;
    this.#redis = redis;
    this.#server = new ServerWatch(redis, options);
    const common = { connection: redis, prefix: "servesweep" };
    this.#queue = new bullmq.Queue(options.queue, common);
    this.#events = new bullmq.QueueEvents(options.queue, { ...common, blockingTimeout: LOOK_AGAIN_MILLISECONDS });
    // Connections mend themselves; the watch says so, and gives up in the end.
    this.#queue.on("error", () => {});
    this.#events.on("error", () => {});
    const ended = ({ jobId }: { readonly jobId: string }) => {
      if (!this.#queued.has(jobId)) return;
      this.#ended.add(jobId);
      this.#wake();
    };
    this.#events.on("completed", ended).on("failed", ended);
  }

  /** Resolves once every drawn task has an outcome, or was withdrawn after an abort. */
  async run(tasks: Iterable<RunTask>): Promise<void> {
    const wake = () => this.#wake();
    this.#launch.signal?.addEventListener("abort", wake);
    try {
      await this.#server.guard(this.#run(tasks));
    } finally {
      this.#launch.signal?.removeEventListener("abort", wake);
    }
  }

  async close(): Promise<void> {
    this.#server.close();
    if (this.#server.isUp) {
      await this.#removeOwn(["completed", "failed", "wait"]).catch(() => {});
      await Promise.allSettled([this.#events.close(), this.#queue.close()]);
    } else {
      // Nobody waits for these, which wait for the server.
      this.#events.close().catch(() => {});
      this.#queue.disconnect().catch(() => {});
    }
  }

  async #run(tasks: Iterable<RunTask>): Promise<void> {
    const { taskCount, signal } = this.#launch;
    const { jobsInQueue } = this.#options;
    await this.#events.waitUntilReady();
    // What an earlier session left waiting is made up of other batches; what failed is tried again.
    await this.#removeOwn(["wait", "failed"]);
    const queue = tasks[Symbol.iterator]();
    const sizer = createBatchSizer(SHARES, BATCH_SECONDS);
    const started = performance.now();
    let left = taskCount;
    let mayNote = true;
    let isDrained = false;
    for (;;) {
      while (!isDrained && !signal?.aborted && this.#queued.size < jobsInQueue) {
        const batch = draw(queue, sizer.next(left));
        left -= batch.length;
        isDrained = batch.length === 0;
        if (!isDrained) await this.#submit(batch);
      }
      if (signal?.aborted) await this.#withdraw();
      if (this.#queued.size === 0 && (isDrained || signal?.aborted)) return;
      const isTimeToLook = await this.#somethingEnded();
      const ids = isTimeToLook ? [...this.#queued.keys()] : [...this.#ended];
      this.#ended.clear();
      for (const id of ids) {
        const done = await this.#lookAt(id);
        if (done === undefined) continue;
        mayNote = false;
        sizer.learn(done.runs.length, done.seconds);
      }
      if (mayNote && performance.now() - started > NO_WORKER_NOTE_MILLISECONDS) {
        mayNote = false;
        if ((await this.#queue.getWorkersCount()) === 0)
          this.#options.onNote("waiting for workers: start `sweep worker`");
      }
    }
  }

  async #submit(tasks: readonly RunTask[]): Promise<void> {
    const { madeBy, timeoutSeconds, sweepKey } = this.#options;
    const inputs = new Map(
      tasks.flatMap(({ spec }) => [...declaredFiles(spec).values()].map((file) => [file.sha256, file.absolutePath])),
    );
    try {
      for (const [sha256, path] of inputs) await uploadInput(this.#redis, path, sha256);
    } catch (error) {
      if (!(error instanceof SweepError)) throw error;
      const { code, message, hint } = error;
      for (const task of tasks) this.#report(task, { code, message, ...(hint === undefined ? {} : { hint }) });
      return;
    }
    const data: JobData = {
      madeBy,
      runs: encodeRuns(
        tasks.map(({ number, runId, outputDir, spec }) => ({
          number,
          runId,
          keepsFiles: outputDir !== undefined,
          spec,
        })),
      ),
      inputs: [...inputs.keys()],
      retries: this.#launch.retries ?? 0,
      timeoutSeconds: timeoutSeconds ?? null,
    };
    const id = jobIdOf(sweepKey, data);
    this.#queued.set(id, { tasks, data, losses: 0 });
    await this.#add(id, data);
  }

  async #add(id: string, data: JobData): Promise<void> {
    await this.#queue.add("runs", data, {
      jobId: id,
      removeOnComplete: { age: FORGOTTEN_JOB_SECONDS },
      removeOnFail: { age: FORGOTTEN_JOB_SECONDS },
    });
    // A job that an earlier session queued may have ended already, and says so no more.
    this.#ended.add(id);
  }

  /** Whether it is time to look at all jobs. */
  async #somethingEnded(): Promise<boolean> {
    if (this.#ended.size > 0) return false;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, LOOK_AGAIN_MILLISECONDS);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    return this.#ended.size === 0;
  }

  /** Brings in a job if it has ended, and queues it again if the server lost it. */
  async #lookAt(id: string): Promise<JobReport | undefined> {
    const batch = this.#queued.get(id);
    if (batch === undefined) return undefined;
    const job: Queued | undefined = await this.#queue.getJob(id);
    if (job === undefined) return this.#again(id, batch, "the job");
    if (job.failedReason !== undefined && (await job.isFailed())) {
      if (job.failedReason.startsWith(MISSING_INPUT)) return this.#again(id, batch, "an input file", job);
      this.#queued.delete(id);
      for (const task of batch.tasks) this.#report(task, lostFailure(job.failedReason));
      await job.remove();
      return undefined;
    }
    if (job.finishedOn === undefined) return undefined;
    const collected = await collectJob(this.#redis, job.returnvalue, batch.tasks);
    if (collected === undefined) return this.#again(id, batch, "the results", job);
    this.#queued.delete(id);
    for (const { task, retried, outcome } of collected.runs) {
      for (const failure of retried) this.#launch.onRetry?.(task, failure);
      this.#launch.onOutcome(outcome);
    }
    await job.remove();
    return collected.report;
  }

  async #again(id: string, batch: QueuedBatch, what: string, job?: Queued): Promise<undefined> {
    if (++batch.losses > MOST_LOSSES) {
      throw new SweepError(
        "SERVER",
        `The Redis server at ${this.#options.address.shown} has lost ${what} ${MOST_LOSSES} times.`,
        {
          hint: "Give it more memory (maxmemory) and the policy noeviction, then resume the sweep.",
        },
      );
    }
    await job?.remove();
    this.#queued.delete(id);
    const { losses } = batch;
    await this.#submit(batch.tasks);
    const now = this.#queued.get(id);
    if (now !== undefined) now.losses = losses;
    return undefined;
  }

  #report(task: RunTask, failure: RunFailure): void {
    this.#launch.onOutcome({ task, failure });
  }

  /** Takes back the jobs that no worker has begun. */
  async #withdraw(): Promise<void> {
    for (const id of this.#queued.keys()) {
      const job = await this.#queue.getJob(id);
      if (job === undefined || (await job.getState()) === "waiting") {
        // It fails if a worker was faster; then its end is awaited.
        const isGone =
          job === undefined ||
          (await job.remove().then(
            () => true,
            () => false,
          ));
        if (isGone) this.#queued.delete(id);
      }
    }
  }

  async #removeOwn(states: readonly ("completed" | "failed" | "wait")[]): Promise<void> {
    const jobs = await this.#queue.getJobs([...states]);
    const own = jobs.filter((job) => job?.id?.startsWith(`${this.#options.sweepKey}-`));
    await Promise.allSettled(own.map((job) => job.remove()));
  }
}

function draw(queue: Iterator<RunTask>, size: number): RunTask[] {
  const batch: RunTask[] = [];
  while (batch.length < size) {
    const next = queue.next();
    if (next.done) break;
    batch.push(next.value);
  }
  return batch;
}

/** BullMQ's own words for a job whose workers died too often are about stalling. */
function lostFailure(reason: string): RunFailure {
  const message = /stalled/.test(reason) ? "every worker that ran it died" : reason;
  return { code: "SIMULATION", message: `the run has no result: ${message}` };
}
