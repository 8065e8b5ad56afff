/** SplitwiseSim's trace format: a CSV file with a row per request, in any order of rows and columns. */
import type { Trace } from "../sim/workload/trace.ts";
import type { FloatParser } from "./csv/parse-decimal.ts";
import { type Column, readColumns } from "./csv/read-columns.ts";
import { headerHint } from "./formats.ts";

export interface SplitwiseCsvOptions {
  readonly floatParser?: FloatParser | undefined;
}

const LARGEST_INTEGER = 2 ** 31 - 1;

function integers(name: string, minimum: number, required = false): Column {
  const expected = `an integer from ${minimum} to ${LARGEST_INTEGER}`;
  return { name, required, expected, minimum, maximum: LARGEST_INTEGER, integer: true };
}

const COLUMNS: readonly Column[] = [
  {
    name: "request_id",
    required: false,
    expected: "a number",
    minimum: -Number.MAX_VALUE,
    maximum: Number.MAX_VALUE,
    integer: false,
  },
  { ...integers("request_type", 2), maximum: 2, expected: "2 (a generative LLM request, the only type known)" },
  integers("application_id", 0),
  {
    name: "arrival_timestamp",
    required: true,
    expected: "seconds, a finite number from 0",
    minimum: 0,
    maximum: Number.MAX_VALUE,
    integer: false,
  },
  integers("batch_size", 1),
  integers("prompt_size", 1, true),
  integers("token_size", 1, true),
  integers("priority", -LARGEST_INTEGER - 1),
];

/**
 * Missing optional columns are: request_id 0, 1, ...; request_type 2; application_id 0; batch_size 1; priority
 * none. Errors: TraceError.
 */
export function parseSplitwiseCsv(bytes: Uint8Array, source: string, options: SplitwiseCsvOptions = {}): Trace {
  const { count, lines, values } = readColumns(bytes, source, COLUMNS, {
    floatParser: options.floatParser,
    headerHint: headerHint("splitwise"),
  });
  const integersOf = (name: string, otherwise: number) => {
    const column = values.get(name);
    return column === undefined ? new Int32Array(count).fill(otherwise) : new Int32Array(column);
  };
  return {
    count,
    arrivalSeconds: values.get("arrival_timestamp") as Float64Array,
    promptTokens: integersOf("prompt_size", 1),
    outputTokens: integersOf("token_size", 1),
    requestId: values.get("request_id") ?? Float64Array.from({ length: count }, (_, row) => row),
    requestType: integersOf("request_type", 2),
    applicationId: integersOf("application_id", 0),
    batchSize: integersOf("batch_size", 1),
    ...(values.has("priority") && { priority: integersOf("priority", 0) }),
    source,
    lines,
  };
}
