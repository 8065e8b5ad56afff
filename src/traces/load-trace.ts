/** The trace that a resolved `trace` node describes. */
import { ConfigError } from "../errors.ts";
import type { Trace } from "../sim/workload/trace.ts";
import { isDrawnAssignment } from "./assign-applications.ts";
import { parseDecimal } from "./csv/parse-decimal.ts";
import { decompress } from "./decompress.ts";
import { generateTrace } from "./generate-trace.ts";
import { withLlmServingArrivals, zipfRequests } from "./llm-serving-requests.ts";
import { parseMooncakeJsonl } from "./mooncake-jsonl.ts";
import type { OpenFile } from "./open-file.ts";
import { recordedTrace } from "./recorded-trace.ts";
import { parseSplitwiseCsv } from "./splitwise-csv.ts";
import type { LlmServingParameters, RecordedParameters, TraceConfig } from "./trace.schema.ts";

export type { TraceConfig } from "./trace.schema.ts";

export interface TraceContext {
  /** Seeds the streams of a generated trace. */
  readonly seed: number | string;
  readonly openFile: OpenFile;
}

/** Errors: TraceError for a malformed file; ConfigError for parameters that contradict each other or lack something. */
export function loadTrace(trace: TraceConfig, context: TraceContext): Trace {
  if (trace._target_ === "traces.LlmServing" && trace.filename == null) return llmServingTrace(trace, context);
  const path = csvPath(trace);
  if (path !== undefined) {
    const file = context.openFile(path);
    const bytes = decompress(file.bytes, file.path);
    if (readsRecorded(trace)) return recordedTrace(bytes, file.path, trace, context.seed);
    return parseSplitwiseCsv(bytes, file.path, { floatParser: trace.float_parser ?? "ieee" });
  }
  if (trace._target_ === "traces.Generated") {
    const generated = generateTrace(trace, context.seed, context.openFile);
    return trace.float_parser === "pandas" ? asReadByPandas(generated) : generated;
  }
  throw new ConfigError("missing_key", "The trace is read from a file, and no file is named.", {
    path: "trace.path",
    hint: "Set trace.path=FILE, or trace.filename=NAME for NAME.csv in trace.dir.",
  });
}

function llmServingTrace(trace: LlmServingParameters, { seed, openFile }: TraceContext): Trace {
  const { source, rate, requests: count, zipf_s: exponent, max_tokens: maxTokens, path } = trace;
  if (source === "zipfian") return zipfRequests({ seed: Number(seed), rate, count, exponent, maxTokens });
  if (path == null) {
    throw new ConfigError("missing_key", "The lengths are those of a Mooncake trace, and no file is named.", {
      path: "trace.path",
      hint: "Set trace.path=FILE, or trace.source=zipfian.",
    });
  }
  const file = openFile(path);
  const recorded = parseMooncakeJsonl(decompress(file.bytes, file.path), file.path);
  return withLlmServingArrivals(recorded, { seed: Number(seed), rate });
}

/** Arrivals as they come back from a file that holds them in full, so that it makes no difference to write one. */
function asReadByPandas(trace: Trace): Trace {
  return { ...trace, arrivalSeconds: trace.arrivalSeconds.map((seconds) => parseDecimal(String(seconds), "pandas")) };
}

/** A file that loading a trace opens, as the configuration names it. */
export interface TraceFile {
  readonly path: string;
  /** The key that names it. */
  readonly key: string;
}

/** All files that loading the trace opens. */
export function traceFiles(trace: TraceConfig): TraceFile[] {
  const path = csvPath(trace);
  if (path !== undefined) return [{ path, key: fileKey(trace) }];
  if (trace._target_ !== "traces.Generated") return [];
  const { table, prompt, output } = trace.lengths;
  return [
    { path: trace.arrivals.table, key: "trace.arrivals.table" },
    ...(trace.arrivals.tables ?? []).map((day, index) => ({ path: day, key: `trace.arrivals.tables.${index}` })),
    { path: table, key: "trace.lengths.table" },
    { path: prompt?.table, key: "trace.lengths.prompt.table" },
    { path: output?.table, key: "trace.lengths.output.table" },
  ].filter((file): file is TraceFile => file.path != null);
}

/** The trace file, if the configuration names one: it goes before a generator. */
export function csvPath({ path, dir, filename }: TraceConfig): string | undefined {
  if (path != null) return path;
  if (filename == null) return undefined;
  return `${(dir ?? ".").replace(/\/+$/, "")}/${filename}.csv`;
}

/** The key that names the trace file. */
export function fileKey({ path }: TraceConfig): "trace.path" | "trace.filename" {
  return path == null ? "trace.filename" : "trace.path";
}

/** A bare `filename` is always in SplitwiseSim's format. */
export function readsRecorded(trace: TraceConfig): trace is RecordedParameters {
  const isOther =
    trace._target_ === "traces.SplitwiseCsv" ||
    trace._target_ === "traces.Generated" ||
    trace._target_ === "traces.LlmServing";
  return !isOther && trace.path != null;
}

/** Whether another seed gives another trace. */
export function isDrawn(trace: TraceConfig): boolean {
  if (csvPath(trace) === undefined || trace._target_ === "traces.LlmServing") return true;
  if (!readsRecorded(trace)) return false;
  const drawsApplications = trace.applications != null && isDrawnAssignment(trace.applications);
  return drawsApplications || (trace.arrivals?.process ?? "recorded") !== "recorded";
}
