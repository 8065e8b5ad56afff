/** Contract of launchers: "make these runs complete". */
import { ConfigError, SweepError, TraceError } from "../../errors.ts";
import { isDiskRefusal } from "../../results/durable-files.ts";
import type { RunFailure, RunResult, RunTask } from "../run-task.ts";

export type RunOutcome<Result extends RunResult = RunResult> =
  | { readonly task: RunTask; readonly result: Result }
  | { readonly task: RunTask; readonly failure: RunFailure };

export interface LaunchOptions {
  /** How many tasks there will be; more workers than that are of no use. */
  readonly taskCount: number;
  /** Once aborted, no new task starts; those in flight are finished and reported. */
  readonly signal?: AbortSignal | undefined;
  /** How often a failing run is tried again before its failure is reported. */
  readonly retries?: number | undefined;
  /** A run has failed and is tried again. */
  readonly onRetry?: ((task: RunTask, failure: RunFailure) => void) | undefined;
  /** Called once per started task, one call at a time, in any order; not for tasks that are withdrawn from a queue after an abort. */
  readonly onOutcome: (outcome: RunOutcome) => void;
}

/**
 * A launcher draws tasks as it has room for them, runs each, and reports each outcome exactly once. A failing run is an outcome:
 * `launch` itself rejects only if drawing a task or `onOutcome` throws, and only after the runs in flight have ended; or if the
 * server that it hands the tasks to is lost (`SERVER`).
 */
export interface Launcher {
  readonly name: string;
  launch(tasks: Iterable<RunTask>, options: LaunchOptions): Promise<void>;
}

/** A failure that reached this thread as plain data. */
export class RunFailedError extends Error {
  readonly failure: RunFailure;

  constructor(failure: RunFailure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** The failure that `error` stands for. Errors that are not ours are bugs, so those keep their stack. */
export function toRunFailure(error: unknown): RunFailure {
  if (error instanceof RunFailedError) return error.failure;
  if (error instanceof SweepError) {
    return {
      code: error.code,
      message: error.message,
      ...(error.hint === undefined ? {} : { hint: error.hint }),
      ...(error instanceof ConfigError || error instanceof TraceError ? { position: error.position } : {}),
      ...(error.code === "FILE" && isDiskRefusal(error.cause) ? { isDiskRefusal: true } : {}),
    };
  }
  if (error instanceof Error) return { code: "INTERNAL", message: error.stack ?? error.message };
  return { code: "INTERNAL", message: `thrown value is not an error: ${String(error)}` };
}

/** Tries `run` up to `retries` more times; resolves to an outcome in every case. */
export async function runWithRetries<Result extends RunResult>(
  task: RunTask,
  { retries = 0, onRetry }: Pick<LaunchOptions, "retries" | "onRetry">,
  run: (task: RunTask) => Promise<Result>,
): Promise<RunOutcome<Result>> {
  for (let attempt = 0; ; attempt++) {
    try {
      return { task, result: await run(task) };
    } catch (error) {
      const failure = toRunFailure(error);
      if (attempt >= retries || failure.isDiskRefusal) return { task, failure };
      onRetry?.(task, failure);
    }
  }
}
