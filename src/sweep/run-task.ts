/** What a sweep hands to whoever runs a single run, and what it gets back. */
import type { ErrorCode, SourcePosition } from "../errors.ts";

export interface RunTask {
  /** Job number within the sweep, from 0. */
  readonly number: number;
  readonly runId: string;
  /** Absolute path of the directory that becomes the run's shard; undefined for a run that keeps no files, whose result its sweep stores. */
  readonly outputDir: string | undefined;
  readonly overrides: readonly string[];
  /** What `RunOne` needs; opaque to the sweep, and structured-cloneable because it may cross a thread. */
  readonly spec: unknown;
}

export interface RunResult {
  readonly runId: string;
  /** Values by the names of the table of metrics; null where a metric has no value. */
  readonly metrics: Readonly<Record<string, number | null>>;
  /** Sentences for the user, such as why requests were left unfinished. */
  readonly notes?: readonly string[];
}

/** Runs one run and writes its shard to `task.outputDir`, if there is one, before it resolves. Rejects if the run failed. */
export type RunOne = (task: RunTask) => Promise<RunResult>;

/** Why a run failed, as plain data that survives threads and JSON. */
export interface RunFailure {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string;
  /** Where in the user's input the cause is. */
  readonly position?: SourcePosition;
  /** The sweep's disk takes nothing more, so the other runs would fail likewise. */
  readonly isDiskRefusal?: boolean | undefined;
}
