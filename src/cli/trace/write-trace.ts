/** Writes traces in SplitwiseSim's format. */
import { existsSync, lstatSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { SweepError } from "../../errors.ts";
import { csvPieces } from "../../results/csv.ts";
import { fileError, writeFileAtomically } from "../../results/durable-files.ts";
import type { Trace } from "../../sim/workload/trace.ts";
import { displayPath } from "../display-path.ts";

const HEADER = [
  "request_id",
  "request_type",
  "application_id",
  "arrival_timestamp",
  "batch_size",
  "prompt_size",
  "token_size",
];

/** Every number is the shortest text that reads back to it. */
export function splitwiseCsv(trace: Trace): string {
  const header = trace.priority === undefined ? HEADER : [...HEADER, "priority"];
  const columns = [
    trace.requestId,
    trace.requestType,
    trace.applicationId,
    trace.arrivalSeconds,
    trace.batchSize,
    trace.promptTokens,
    trace.outputTokens,
    ...(trace.priority === undefined ? [] : [trace.priority]),
  ];
  return [...csvPieces(header, trace.count, (row) => columns.map((column) => column[row]).join(","))].join("");
}

/** Errors: SweepError `USAGE` if nothing can be written there, or there is such a file, which `force` overwrites. */
export function checkTarget(path: string, force: boolean): void {
  const folder = dirname(path);
  if (!existsSync(folder)) throw new SweepError("USAGE", `There is no folder '${displayPath(resolve(folder))}'.`);
  const present = lstatSync(path, { throwIfNoEntry: false });
  if (present === undefined) return;
  if (!present.isFile()) throw new SweepError("USAGE", `'${path}' is there, and is not a regular file.`);
  if (force) return;
  throw new SweepError("USAGE", `There is a file '${displayPath(path)}' already.`, { hint: "--force overwrites it." });
}

/** Compressed if the name ends in .gz. Errors: SweepError `FILE`. */
export function writeTrace(path: string, trace: Trace): void {
  const text = splitwiseCsv(trace);
  try {
    writeFileAtomically(path, path.endsWith(".gz") ? gzipSync(text) : text);
  } catch (error) {
    throw fileError(`cannot write '${displayPath(path)}'`, error);
  }
}
