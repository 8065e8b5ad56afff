import { readFileSync } from "node:fs";
import { SweepError } from "../errors.ts";
import type { Trace } from "../sim/workload/trace.ts";
import { type AzureCsvOptions, parseAzureCsv } from "./azure-csv.ts";
import { decompress } from "./decompress.ts";
import { parseSplitwiseCsv, type SplitwiseCsvOptions } from "./splitwise-csv.ts";

/** Reads a trace file, compressed or not. Errors: SweepError `FILE` if it cannot be read, TraceError if it is malformed. */
export function readTraceFile(
  path: string,
  format: "splitwise" | "azure",
  options: SplitwiseCsvOptions & AzureCsvOptions = {},
): Trace {
  let file: Uint8Array;
  try {
    file = readFileSync(path);
  } catch (error) {
    throw new SweepError("FILE", `The trace '${path}' cannot be read: ${(error as Error).message}.`, { cause: error });
  }
  const bytes = decompress(file, path);
  return format === "azure" ? parseAzureCsv(bytes, path, options) : parseSplitwiseCsv(bytes, path, options);
}
