import { readFileSync, statSync } from "node:fs";
import { SweepError, TraceError } from "../errors.ts";
import type { Trace } from "../sim/workload/trace.ts";
import { type AzureCsvOptions, parseAzureCsv } from "./azure-csv.ts";
import { decompress } from "./decompress.ts";
import { parseMooncakeJsonl } from "./mooncake-jsonl.ts";
import { parseSplitwiseCsv, type SplitwiseCsvOptions } from "./splitwise-csv.ts";

/** Formats of trace files, and what they are called. */
export const TRACE_FORMATS = {
  splitwise: "SplitwiseSim's CSV",
  azure: "Azure LLM inference trace, CSV",
  mooncake: "Mooncake trace, JSON Lines",
} as const;

export type TraceFormat = keyof typeof TRACE_FORMATS;

/** Reads a trace file, compressed or not. Errors: SweepError `FILE` if it cannot be read, TraceError if it is malformed. */
export function readTraceFile(
  path: string,
  format: TraceFormat,
  options: SplitwiseCsvOptions & AzureCsvOptions = {},
): Trace {
  return parse(readBytes(path), path, format, options);
}

/** Reads a trace file of whichever format it has. Errors: as `readTraceFile`. */
export function readAnyTraceFile(path: string): { readonly trace: Trace; readonly format: TraceFormat } {
  const bytes = readBytes(path);
  const format = formatOf(bytes);
  return { trace: parse(bytes, path, format, {}), format };
}

function parse(
  bytes: Uint8Array,
  path: string,
  format: TraceFormat,
  options: SplitwiseCsvOptions & AzureCsvOptions,
): Trace {
  if (format === "azure") return parseAzureCsv(bytes, path, options);
  return format === "mooncake" ? parseMooncakeJsonl(bytes, path) : parseSplitwiseCsv(bytes, path, options);
}

/** By the first line: an object, or the header of a CSV file. */
function formatOf(bytes: Uint8Array): TraceFormat {
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 4096)).toString("utf8").trim();
  if (start.startsWith("{")) return "mooncake";
  return /^[^\n]*ContextTokens/.test(start) ? "azure" : "splitwise";
}

function readBytes(path: string): Uint8Array {
  // Devices and pipes are no files: they may never end.
  const status = statSync(path, { throwIfNoEntry: false });
  if (status === undefined) throw new TraceError(`There is no file '${path}'.`, {});
  if (!status.isFile()) throw new TraceError(`'${path}' is not a regular file.`, {});
  let file: Uint8Array;
  try {
    file = readFileSync(path);
  } catch (error) {
    throw new SweepError("FILE", `The trace '${path}' cannot be read: ${(error as Error).message}.`, { cause: error });
  }
  return decompress(file, path);
}
