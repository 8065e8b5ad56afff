/** Writes traces in SplitwiseSim's format. */
import { gzipSync } from "node:zlib";
import { csvPieces } from "../../results/csv.ts";
import type { Trace } from "../../sim/workload/trace.ts";
import { writeOutput } from "../output-file.ts";

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

/** Compressed if the name ends in .gz. Errors: SweepError `FILE`. */
export function writeTrace(path: string, trace: Trace): void {
  const text = splitwiseCsv(trace);
  writeOutput(path, path.endsWith(".gz") ? gzipSync(text) : text);
}
