/** What the submitter and an array task tell each other, through files on a disk that both see. */
import { appendFileSync, existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { deserialize, serialize } from "node:v8";
import { gunzipSync, gzipSync } from "node:zlib";
import { SweepError } from "../../../errors.ts";
import { fileError, writeFileAtomically } from "../../../results/durable-files.ts";
import type { RunFailure, RunResult, RunTask } from "../../run-task.ts";

/** The work of one array task. */
export interface TaskOrder {
  readonly tasks: readonly RunTask[];
  readonly retries: number;
  readonly timeoutSeconds: number | undefined;
  readonly maxHeapMebibytes: number | undefined;
  readonly threads: number;
}

/** A line of a task's report. */
export type ReportLine =
  | { readonly started: number }
  | { readonly retried: number; readonly failure: RunFailure }
  | { readonly number: number; readonly result: RunResult }
  | { readonly number: number; readonly failure: RunFailure };

/** When this file is there, tasks begin no further run. */
const STOP_NAME = "stop";

const orderPath = (folder: string, index: number) => join(folder, `${index}.order`);
const reportPath = (folder: string, index: number) => join(folder, `${index}.report.jsonl`);
export const logPath = (folder: string, index: number | "%a") => join(folder, `${index}.log`);
export const stopPath = (folder: string) => join(folder, STOP_NAME);

export function writeOrder(folder: string, index: number, order: TaskOrder): void {
  try {
    writeFileAtomically(orderPath(folder, index), gzipSync(serialize(order), { level: 1 }));
  } catch (error) {
    throw fileError("cannot write what a Slurm task is to do", error);
  }
}

/** Errors: SweepError `FILE` if it cannot be read. */
export function readOrder(folder: string, index: number): TaskOrder {
  const path = orderPath(folder, index);
  try {
    return deserialize(gunzipSync(readFileSync(path))) as TaskOrder;
  } catch (error) {
    throw new SweepError("FILE", `Cannot read '${path}': ${(error as Error).message}`, {
      hint: "Every node must see the directory of the sweep under the same path, and have the same Node.js.",
      cause: error,
    });
  }
}

export function appendReport(folder: string, index: number, lines: readonly ReportLine[]): void {
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join("");
  appendFileSync(reportPath(folder, index), text, { flush: true });
}

export function isStopped(folder: string): boolean {
  return existsSync(stopPath(folder));
}

/** Reads a report as it grows. A last line without its line feed is still being written, or was cut off by a kill. */
export class ReportReader {
  readonly #path: string;
  #readBytes = 0;

  constructor(folder: string, index: number) {
    this.#path = reportPath(folder, index);
  }

  /** The lines that have come since the last call. */
  next(): ReportLine[] {
    const size = statSync(this.#path, { throwIfNoEntry: false })?.size ?? 0;
    if (size <= this.#readBytes) return [];
    const bytes = readFileSync(this.#path).subarray(this.#readBytes);
    const whole = bytes.subarray(0, bytes.lastIndexOf(0x0a) + 1);
    this.#readBytes += whole.length;
    return whole.toString().split("\n").slice(0, -1).flatMap(parseLine);
  }
}

/** A task that Slurm starts anew appends to a line that was cut off: neither part counts, and its run is done again. */
function parseLine(line: string): ReportLine[] {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? [value as ReportLine] : [];
  } catch {
    return [];
  }
}
