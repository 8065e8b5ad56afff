/** Trace files on disk, of any format, as they are recorded. */
import { readFileSync, statSync } from "node:fs";
import { SweepError, TraceError } from "../errors.ts";
import type { Trace } from "../sim/workload/trace.ts";
import { parseAzureCsv } from "./azure-csv.ts";
import { parseBurstGptCsv } from "./burstgpt-csv.ts";
import { decompress } from "./decompress.ts";
import { formatOf, type TraceFormat } from "./formats.ts";
import { parseMooncakeJsonl } from "./mooncake-jsonl.ts";
import { parseSplitwiseCsv } from "./splitwise-csv.ts";

const READERS: Readonly<Record<TraceFormat, (bytes: Uint8Array, source: string) => Trace>> = {
  splitwise: parseSplitwiseCsv,
  azure: parseAzureCsv,
  burstgpt: parseBurstGptCsv,
  mooncake: parseMooncakeJsonl,
};

/**
 * Reads a trace file, compressed or not, of whichever format it has. Errors: SweepError `FILE` if it cannot be read,
 * TraceError if it is malformed.
 */
export function readAnyTraceFile(path: string): { readonly trace: Trace; readonly format: TraceFormat } {
  return parseAnyTrace(readBytes(path), path);
}

/** The same of bytes that are not compressed. Errors: TraceError. */
export function parseAnyTrace(
  bytes: Uint8Array,
  source: string,
): { readonly trace: Trace; readonly format: TraceFormat } {
  const format = formatOf(bytes);
  return { trace: READERS[format](bytes, source), format };
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
