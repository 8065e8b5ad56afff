/** What comes back from the queue. */
import { ERROR_CODES } from "../../../errors.ts";
import { isSafeRelativeName } from "../../../results/relative-name.ts";
import { isNotes, isRunMetrics, MARKER_NAME } from "../../../results/shard-marker.ts";
import type { RunFailure, RunResult } from "../../run-task.ts";
import { RESULT_KEY_PREFIX } from "./job.ts";
import type { ArchivedFile } from "./run-archive.ts";

/** What a job returns, as JSON: a report per run, in their order. */
export interface JobReport {
  readonly seconds: number;
  readonly runs: readonly RunReport[];
}

export interface RunReport {
  /** Failures of attempts that were tried again. */
  readonly retried: readonly RunFailure[];
  readonly failure?: RunFailure;
  readonly result?: RunResult;
  /** Files of the run, and the key of their pieces in Redis. */
  readonly files?: readonly ArchivedFile[];
  readonly piecesKey?: string;
}

/** The report in what a queue returned, which anybody may have written; undefined if it is not one for so many runs. */
export function parseReport(value: unknown, runs: readonly { readonly runId: string }[]): JobReport | undefined {
  if (!isRecord(value) || typeof value.seconds !== "number" || !Array.isArray(value.runs)) return undefined;
  const { runs: reports } = value;
  const fits = reports.length === runs.length && reports.every((report, index) => isReport(report, runs[index].runId));
  return fits ? (value as unknown as JobReport) : undefined;
}

function isReport(value: unknown, runId: string): boolean {
  if (!isRecord(value)) return false;
  const { retried, failure, result, files, piecesKey } = value;
  if (!Array.isArray(retried) || !retried.every(isFailure)) return false;
  if (failure !== undefined) return isFailure(failure);
  if (!isRecord(result) || result.runId !== runId || !isRunMetrics(result.metrics)) return false;
  if (!isNotes(result.notes)) return false;
  if (files === undefined) return true;
  if (typeof piecesKey !== "string" || !piecesKey.startsWith(RESULT_KEY_PREFIX)) return false;
  return Array.isArray(files) && files.every(isArchivedFile);
}

function isArchivedFile(value: unknown): boolean {
  if (!isRecord(value) || typeof value.name !== "string") return false;
  return isSafeRelativeName(value.name) && value.name !== MARKER_NAME && Number.isSafeInteger(value.pieces);
}

function isFailure(value: unknown): boolean {
  return (
    isRecord(value) &&
    typeof value.code === "string" &&
    Object.hasOwn(ERROR_CODES, value.code) &&
    typeof value.message === "string"
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
