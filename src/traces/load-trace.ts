/** The trace that a resolved `trace` node describes. */
import { ConfigError } from "../errors.ts";
import type { Trace } from "../sim/workload/trace.ts";
import { parseAzureCsv } from "./azure-csv.ts";
import { decompress } from "./decompress.ts";
import { generateTrace } from "./generate-trace.ts";
import { parseJointTable } from "./lengths/joint-table.ts";
import { parseSplitwiseCsv } from "./splitwise-csv.ts";
import type { TraceConfig } from "./trace.schema.ts";

export type { TraceConfig } from "./trace.schema.ts";

export interface TraceContext {
  /** Seeds the streams of a generated trace. */
  readonly seed: number | string;
  /** The file that the configuration names by `path`, and how messages should call it. Throws if it is not there. */
  readonly openFile: (path: string) => { readonly path: string; readonly bytes: Uint8Array };
}

/** Errors: TraceError for a malformed file; ConfigError for parameters that contradict each other or lack something. */
export function loadTrace(trace: TraceConfig, context: TraceContext): Trace {
  const path = csvPath(trace);
  if (path !== undefined) {
    const file = context.openFile(path);
    const bytes = decompress(file.bytes, file.path);
    if (readsAzure(trace)) {
      return parseAzureCsv(bytes, file.path, {
        limit: trace.limit ?? undefined,
        rate: trace.rate ?? undefined,
        rateScale: trace.rate_scale ?? undefined,
      });
    }
    return parseSplitwiseCsv(bytes, file.path, { floatParser: trace.float_parser ?? "ieee" });
  }
  if (trace._target_ === "traces.Generated") {
    const { table } = trace.lengths;
    const tableFile = table === undefined ? undefined : context.openFile(table);
    return generateTrace(trace, context.seed, tableFile && parseJointTable(tableFile.bytes, tableFile.path));
  }
  throw new ConfigError("missing_key", "The trace is read from a file, and no file is named.", {
    path: "trace.path",
    hint: "Set trace.path=FILE, or trace.filename=NAME for NAME.csv in trace.dir.",
  });
}

/** The paths of all files that loading the trace opens, as the configuration names them. */
export function traceFiles(trace: TraceConfig): string[] {
  const path = csvPath(trace);
  if (path !== undefined) return [path];
  if (trace._target_ !== "traces.Generated" || trace.lengths.table === undefined) return [];
  return [trace.lengths.table];
}

function csvPath({ path, dir, filename }: TraceConfig): string | undefined {
  if (path != null) return path;
  if (filename == null) return undefined;
  return `${(dir ?? ".").replace(/\/+$/, "")}/${filename}.csv`;
}

/** A bare `filename` is always in SplitwiseSim's format. */
function readsAzure(trace: TraceConfig): trace is TraceConfig & { readonly _target_: "traces.AzureCsv" } {
  return trace._target_ === "traces.AzureCsv" && trace.path != null;
}
