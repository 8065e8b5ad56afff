/** Azure LLM inference traces (Azure Public Dataset, 2023 and 2024): TIMESTAMP,ContextTokens,GeneratedTokens. */
import type { Trace } from "../sim/workload/trace.ts";
import { type Column, readColumns } from "./csv/read-columns.ts";
import { headerHint } from "./formats.ts";
import { plainTrace } from "./plain-trace.ts";

export interface AzureCsvOptions {
  /** Only so many requests, from the file's start. */
  readonly limit?: number | undefined;
}

const TICKS_PER_SECOND = 1e7;
const TIMESTAMP = /^(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d):(\d\d)(?:\.(\d{1,7}))?(?:Z|\+00:00)?$/;

/**
 * Arrivals count from the first row: exactly, in ticks of 100 ns, before the one division that makes them seconds.
 * Errors: TraceError.
 */
export function parseAzureCsv(bytes: Uint8Array, source: string, options: AzureCsvOptions = {}): Trace {
  const { lines, values } = readColumns(bytes, source, [timestampColumn(), ...TOKEN_COLUMNS], {
    limit: options.limit,
    headerHint: headerHint("azure"),
  });
  const arrivalSeconds = values.get("TIMESTAMP") as Float64Array;
  for (let row = 0; row < arrivalSeconds.length; row++) arrivalSeconds[row] /= TICKS_PER_SECOND;
  return plainTrace({
    arrivalSeconds,
    promptTokens: new Int32Array(values.get("ContextTokens") as Float64Array),
    outputTokens: new Int32Array(values.get("GeneratedTokens") as Float64Array),
    source,
    lines,
  });
}

function tokens(name: string): Column {
  const maximum = 2 ** 31 - 1;
  return { name, required: true, expected: `an integer from 1 to ${maximum}`, minimum: 1, maximum, integer: true };
}

const TOKEN_COLUMNS = [tokens("ContextTokens"), tokens("GeneratedTokens")];

/** Holds ticks since the first row that it parses. */
function timestampColumn(): Column {
  let firstSecond: number | undefined;
  let firstTick = 0;
  return {
    name: "TIMESTAMP",
    required: true,
    expected: "a UTC time such as 2023-11-16 18:15:46.6805900, not before the first row's",
    minimum: 0,
    maximum: Number.MAX_SAFE_INTEGER,
    integer: true,
    parse: (text) => {
      const match = TIMESTAMP.exec(text);
      if (match === null) return Number.NaN;
      const second = epochSecond(match.slice(1, 7).map(Number));
      const tick = Number((match[7] ?? "").padEnd(7, "0"));
      if (firstSecond === undefined) {
        firstSecond = second;
        firstTick = tick;
      }
      return (second - firstSecond) * TICKS_PER_SECOND + (tick - firstTick);
    },
  };
}

/** NaN for a date or a time of day that does not exist. */
function epochSecond([year, month, day, hour, minute, second]: number[]): number {
  const milliseconds = Date.UTC(year, month - 1, day, hour, minute, second);
  const date = new Date(milliseconds);
  const exists = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return exists && hour < 24 && minute < 60 && second < 60 ? milliseconds / 1000 : Number.NaN;
}
