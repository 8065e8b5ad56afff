/** Reads what an engine recorded of its requests, in any of the known formats. */
import { readMetricsList } from "./metrics-list.ts";
import { isJsonObject, parseJson } from "./record-fields.ts";
import { readRequestCsv } from "./request-csv.ts";
import type { ServedRequest } from "./served-request.ts";
import { isVllmBenchmark, readVllmBenchmark } from "./vllm-benchmark.ts";

export const RECORD_FORMATS = {
  csv: "CSV with the columns request, in, out, arrival, first_scheduled, first_token, finished (seconds)",
  metrics: "VllmSimulator's JSON list of metrics",
  vllm_benchmark: "vLLM's benchmark JSON (--save-result --save-detailed)",
} as const;

export type RecordFormat = keyof typeof RECORD_FORMATS;

export interface RecordedRun {
  readonly format: RecordFormat;
  readonly requests: readonly ServedRequest[];
  /** Simulated times that the record itself holds. */
  readonly sim: readonly ServedRequest[] | undefined;
  readonly notes: readonly string[];
}

/** The format is told by the content. Errors: TraceError. */
export function readRecordedRun(text: string, file: string): RecordedRun {
  if (!/^\s*[[{]/.test(text)) {
    return { format: "csv", requests: readRequestCsv(text, file), sim: undefined, notes: [] };
  }
  const value = parseJson(text, file);
  if (isJsonObject(value) && isVllmBenchmark(value)) {
    return { format: "vllm_benchmark", sim: undefined, ...readVllmBenchmark(value, file) };
  }
  const { engine, sim } = readMetricsList(value, file);
  return { format: "metrics", requests: engine, sim, notes: [] };
}
