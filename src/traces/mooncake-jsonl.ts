/** Mooncake's traces (FAST 2025): JSON Lines with timestamp (ms), input_length, output_length and hash_ids. */
import { TraceError } from "../errors.ts";
import type { Trace } from "../sim/workload/trace.ts";
import { plainTrace } from "./plain-trace.ts";

const FIELDS = ["timestamp", "input_length", "output_length"] as const;
const LARGEST_TOKENS = 2 ** 31 - 1;
const MILLISECONDS = 1000;

/** Which blocks of a prompt are shared (`hash_ids`) is not kept: no part of a trace says so. Errors: TraceError. */
export function parseMooncakeJsonl(bytes: Uint8Array, source: string): Trace {
  const rows: number[][] = [];
  const lines: number[] = [];
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    .toString("utf8")
    .split("\n")
    .forEach((text, index) => {
      if (text.trim() === "") return;
      rows.push(fieldsOf(text, { file: source, line: index + 1 }));
      lines.push(index + 1);
    });
  if (rows.length === 0) throw new TraceError("The trace is empty.", { file: source });
  return plainTrace({
    arrivalSeconds: Float64Array.from(rows, ([milliseconds]) => milliseconds / MILLISECONDS),
    promptTokens: Int32Array.from(rows, ([, prompt]) => prompt),
    outputTokens: Int32Array.from(rows, ([, , output]) => output),
    source,
    lines: Int32Array.from(lines),
  });
}

function fieldsOf(text: string, position: { file: string; line: number }): number[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new TraceError(`The line is no JSON: ${(error as Error).message}.`, position, { cause: error });
  }
  return FIELDS.map((field) => {
    const isThere = typeof value === "object" && value !== null && Object.hasOwn(value, field);
    const found = isThere ? (value as Record<string, unknown>)[field] : undefined;
    if (typeof found === "number" && isValid(field, found)) return found;
    const expected = field === "timestamp" ? "milliseconds from 0" : `an integer from 1 to ${LARGEST_TOKENS}`;
    throw new TraceError(`${field} is ${JSON.stringify(found)?.slice(0, 40)}, expected ${expected}.`, position);
  });
}

function isValid(field: (typeof FIELDS)[number], value: number): boolean {
  if (field === "timestamp") return value >= 0 && value <= Number.MAX_SAFE_INTEGER;
  return Number.isInteger(value) && value >= 1 && value <= LARGEST_TOKENS;
}
