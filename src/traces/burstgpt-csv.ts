/**
 * BurstGPT's traces (Wang et al., 2024; github.com/HPMLL/BurstGPT): Timestamp (s), Model, Request tokens, Response tokens,
 * Total tokens, Log Type, and in later releases Session ID and Elapsed time.
 */
import { TraceError } from "../errors.ts";
import type { Trace } from "../sim/workload/trace.ts";
import { type Column, readColumns } from "./csv/read-columns.ts";
import { headerHint } from "./formats.ts";
import { plainTrace } from "./plain-trace.ts";

export interface BurstGptOptions {
  /** Only so many requests, from the file's start. */
  readonly limit?: number | undefined;
  /** By the name in the column Model. All requests ask for application 0 without this. */
  readonly applications?: ReadonlyMap<string, number> | undefined;
}

function numbers(name: string, expected: string, maximum: number, integer: boolean): Column {
  return { name, required: true, expected, minimum: 0, maximum, integer };
}

const LARGEST_TOKENS = 2 ** 31 - 1;
const TOKENS = `an integer from 0 to ${LARGEST_TOKENS}`;
const COLUMNS: readonly Column[] = [
  numbers("Timestamp", "seconds from 0", Number.MAX_SAFE_INTEGER, false),
  numbers("Request tokens", TOKENS, LARGEST_TOKENS, true),
  numbers("Response tokens", TOKENS, LARGEST_TOKENS, true),
];

function modelColumn(applications: ReadonlyMap<string, number>): Column {
  const named = [...applications.keys()].join(", ");
  return {
    ...numbers("Model", `a model of trace.applications.mapping (${named})`, LARGEST_TOKENS, true),
    parse: (text) => applications.get(text) ?? Number.NaN,
  };
}

/**
 * Requests without a response (failures) are left out. Arrivals count from the first request: later files of the data set
 * begin after two months. Errors: TraceError.
 */
export function parseBurstGptCsv(
  bytes: Uint8Array,
  source: string,
  { limit, applications }: BurstGptOptions = {},
): Trace {
  const columns = applications === undefined ? COLUMNS : [...COLUMNS, modelColumn(applications)];
  const { count, lines, values } = readColumns(bytes, source, columns, {
    skipOthers: true,
    headerHint: headerHint("burstgpt"),
  });
  const [timestamps, prompts, outputs] = COLUMNS.map(({ name }) => values.get(name) as Float64Array);
  const rows = new Int32Array(Math.min(count, limit ?? count));
  let kept = 0;
  for (let row = 0; row < count && kept < rows.length; row++) {
    if (prompts[row] > 0 && outputs[row] > 0) rows[kept++] = row;
  }
  if (kept === 0) {
    throw new TraceError("No request of the trace has a response.", { file: source });
  }
  const chosen = rows.subarray(0, kept);
  const first = chosen.reduce((least, row) => Math.min(least, timestamps[row]), Number.POSITIVE_INFINITY);
  const trace = plainTrace({
    arrivalSeconds: Float64Array.from(chosen, (row) => timestamps[row] - first),
    promptTokens: Int32Array.from(chosen, (row) => prompts[row]),
    outputTokens: Int32Array.from(chosen, (row) => outputs[row]),
    source,
    lines: Int32Array.from(chosen, (row) => lines[row]),
  });
  const models = values.get("Model");
  if (applications === undefined || models === undefined) return trace;
  return { ...trace, applicationId: Int32Array.from(chosen, (row) => models[row]) };
}
