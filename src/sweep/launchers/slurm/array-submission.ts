/** The submitter's side of array jobs: submits batches of runs, reads their reports, submits again what went missing. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { removeTemporaries } from "../../../results/durable-files.ts";
import { isNotes, isRunMetrics } from "../../../results/shard-marker.ts";
import type { RunTask } from "../../run-task.ts";
import type { LaunchOptions } from "../launcher.ts";
import { cancelTasks, liveTasks, submitArray } from "./slurm-commands.ts";
import type { SlurmOptions } from "./slurm-launcher.ts";
import { logPath, type ReportLine, ReportReader, stopPath, writeOrder } from "./task-files.ts";

/** An array task on its way. */
interface Batch {
  /** As squeue names it. */
  readonly id: string;
  readonly folder: string;
  readonly index: number;
  readonly report: ReportReader;
  /** Runs without an outcome, by number. */
  readonly left: Map<number, RunTask>;
  /** Of these, the runs that have begun. */
  readonly started: Set<number>;
  /** Looks at the queue that did not find it: the disk may be slower than the queue. */
  absences: number;
}

/** Array tasks on their way at a time; below MaxArraySize, 1001 unless the cluster says otherwise (slurm.conf(5)). */
const TASKS_ON_THE_WAY = 200;
const ABSENCES_OF_A_LOST_TASK = 2;
/** Slurm's controller may be restarted meanwhile. */
const PATIENCE_SECONDS = 300;
const SHOWN_LOG_LINES = 5;

export interface SubmissionOptions extends LaunchOptions {
  /** Tasks of an earlier session were killed, perhaps while they were writing. */
  readonly wasDisturbed: boolean;
}

export class ArraySubmission {
  readonly #name: string;
  readonly #folder: string;
  readonly #options: SlurmOptions;
  readonly #launch: SubmissionOptions;
  readonly #batches = new Set<Batch>();
  /** Runs that went missing with their task, to be submitted again. */
  #missing: RunTask[] = [];
  /** How often each run has gone missing after it had begun. */
  readonly #losses = new Map<number, number>();
  /** Places where a task that was killed may have left something. */
  readonly #disturbed = new Set<string>();
  #submissions = 0;
  #isStopping = false;
  #lastAnswer = performance.now();

  constructor(name: string, folder: string, options: SlurmOptions, launch: SubmissionOptions) {
    this.#name = name;
    this.#folder = folder;
    this.#options = options;
    this.#launch = launch;
  }

  /** Resolves once every drawn task has an outcome, or was withdrawn after an abort. */
  async run(tasks: Iterable<RunTask>): Promise<void> {
    const { settings } = this.#options;
    const { signal } = this.#launch;
    const queue = tasks[Symbol.iterator]();
    let isDrained = false;
    const draw = (): RunTask[] => {
      const drawn = this.#missing.splice(0, settings.runs_per_task);
      while (!isDrained && drawn.length < settings.runs_per_task) {
        const next = queue.next();
        if (next.done) isDrained = true;
        else drawn.push(next.value);
        if (!next.done && this.#launch.wasDisturbed) this.#disturb(next.value);
      }
      return drawn;
    };
    for (;;) {
      if (!signal?.aborted && this.#batches.size <= TASKS_ON_THE_WAY / 2) await this.#submit(draw);
      if (signal?.aborted && !this.#isStopping) await this.#stop();
      if (this.#batches.size === 0 && this.#missing.length === 0 && (isDrained || signal?.aborted)) return;
      await this.#pause();
      const live = await this.#liveTasks();
      for (const batch of [...this.#batches]) this.#lookAt(batch, live);
    }
  }

  /** Removes what killed tasks left half written. No task may be running. */
  removeTemporaries(): void {
    for (const directory of this.#disturbed) removeTemporaries(directory);
  }

  async #submit(draw: () => RunTask[]): Promise<void> {
    const room = TASKS_ON_THE_WAY - this.#batches.size;
    const orders: RunTask[][] = [];
    const folder = join(this.#folder, String(this.#submissions));
    const { settings, timeoutSeconds, maxHeapMebibytes } = this.#options;
    for (let tasks = draw(); tasks.length > 0; tasks = orders.length < room ? draw() : []) {
      if (orders.length === 0) mkdirSync(folder);
      writeOrder(folder, orders.length, {
        tasks,
        retries: this.#launch.retries ?? 0,
        timeoutSeconds,
        maxHeapMebibytes,
        threads: settings.cpus_per_task,
      });
      orders.push(tasks);
    }
    if (orders.length === 0) return;
    this.#submissions++;
    const script = join(folder, "task.sh");
    const command = `${this.#options.taskCommand} ${quoted(folder)} "$SLURM_ARRAY_TASK_ID"`;
    writeFileSync(script, `#!/bin/sh\nexec ${command}\n`);
    const job = await submitArray(script, orders.length, {
      name: this.#name,
      // A percent sign of the path itself is doubled (sbatch(1), "filename pattern").
      output: `${folder.replaceAll("%", "%%")}/${logPath("", "%a")}`,
      tasksAtOnce: settings.tasks_at_once,
      options: sbatchOptions(settings),
    });
    orders.forEach((tasks, index) => {
      this.#batches.add({
        id: `${job}_${index}`,
        folder,
        index,
        report: new ReportReader(folder, index),
        left: new Map(tasks.map((task) => [task.number, task])),
        started: new Set(),
        absences: 0,
      });
    });
  }

  /** Lets running tasks end the runs in hand, and cancels those that wait. */
  async #stop(): Promise<void> {
    this.#isStopping = true;
    this.#missing = [];
    for (const folder of new Set([...this.#batches].map((batch) => batch.folder))) writeFileSync(stopPath(folder), "");
    await cancelTasks(this.#name, "waiting");
  }

  async #pause(): Promise<void> {
    const { signal } = this.#launch;
    const isHurried = signal !== undefined && !this.#isStopping;
    await wait(this.#options.settings.poll_interval * 1000, undefined, isHurried ? { signal } : {}).catch(() => {});
  }

  /** Undefined while Slurm does not answer. */
  async #liveTasks(): Promise<Set<string> | undefined> {
    try {
      const live = await liveTasks(this.#name);
      this.#lastAnswer = performance.now();
      return live;
    } catch (error) {
      if (performance.now() - this.#lastAnswer > PATIENCE_SECONDS * 1000) throw error;
      return undefined;
    }
  }

  #lookAt(batch: Batch, live: ReadonlySet<string> | undefined): void {
    for (const line of batch.report.next()) this.#take(batch, line);
    if (batch.left.size === 0) {
      this.#batches.delete(batch);
      return;
    }
    if (live === undefined || live.has(batch.id)) {
      batch.absences = 0;
      return;
    }
    if (++batch.absences < ABSENCES_OF_A_LOST_TASK) return;
    this.#batches.delete(batch);
    for (const task of batch.left.values()) this.#miss(batch, task);
  }

  #take({ left, started }: Batch, line: ReportLine): void {
    if ("started" in line) {
      started.add(line.started);
      return;
    }
    const task = left.get("retried" in line ? line.retried : line.number);
    if (task === undefined) return;
    if ("retried" in line) {
      this.#launch.onRetry?.(task, line.failure);
      return;
    }
    left.delete(task.number);
    const { onOutcome } = this.#launch;
    if ("failure" in line) onOutcome({ task, failure: line.failure });
    else if (isRunMetrics(line.result.metrics) && isNotes(line.result.notes ?? []))
      onOutcome({ task, result: line.result });
    else onOutcome({ task, failure: { code: "INTERNAL", message: "the Slurm task reports malformed metrics" } });
  }

  #disturb({ outputDir }: RunTask): void {
    if (outputDir !== undefined) this.#disturbed.add(dirname(outputDir)).add(outputDir);
  }

  #miss(batch: Batch, task: RunTask): void {
    const { number } = task;
    this.#disturb(task);
    if (this.#isStopping) return;
    const { settings, onNote } = this.#options;
    if (batch.started.has(number)) {
      const losses = (this.#losses.get(number) ?? 0) + 1;
      this.#losses.set(number, losses);
      if (losses > settings.resubmissions) {
        const times = losses === 1 ? "" : `, ${losses} times in all`;
        this.#launch.onOutcome({
          task,
          failure: {
            code: "SIMULATION",
            message: `Slurm's task ${batch.id} ended without its result${times}${lastLines(batch)}`,
            hint: "it may have been cancelled, or have exceeded its memory or time (hydra.launcher.memory, time_limit)",
          },
        });
        return;
      }
    }
    if (this.#missing.length === 0) onNote(`Slurm's task ${batch.id} ended early; its runs are submitted again`);
    this.#missing.push(task);
  }
}

function lastLines({ folder, index }: Batch): string {
  try {
    const lines = readFileSync(logPath(folder, index), "utf8").trim().split("\n").slice(-SHOWN_LOG_LINES);
    return lines.join("") === "" ? "" : `; its last words: ${lines.join(" | ")}`;
  } catch {
    return "";
  }
}

function sbatchOptions(settings: SlurmOptions["settings"]): string[] {
  const { partition, account, time_limit, memory, cpus_per_task, sbatch_options } = settings;
  const named = { partition, account, time: time_limit, mem: memory, "cpus-per-task": cpus_per_task };
  const given = Object.entries(named).filter(([, value]) => value !== null);
  return [...given.map(([name, value]) => `--${name}=${value}`), ...sbatch_options];
}

/** As one word of a POSIX shell. */
export function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
