/** How often requests arrive: by rate, by utilisation, or by the requests of each minute. */
import { ConfigError } from "../../errors.ts";
import { readTable } from "../csv/read-table.ts";
import type { OpenFile } from "../open-file.ts";
import type { GeneratedParameters } from "../trace.schema.ts";
import { type Clock, minuteClock, steadyClock } from "./clock.ts";

/** Keys of a trace that say how often requests arrive. */
export type ArrivalRate = Pick<
  GeneratedParameters,
  "rate" | "utilisation" | "servers" | "request_seconds" | "arrivals"
>;

/** Errors: ConfigError for keys that are missing, contradict each other or have no effect; TraceError for the table. */
export function clockOf(parameters: ArrivalRate, openFile: OpenFile): Clock {
  const rate = rateOf(parameters);
  if (parameters.arrivals.process === "per_minute") {
    const minutes = requestsPerMinute(parameters.arrivals, openFile);
    const total = minutes.reduce((sum, requests) => sum + requests, 0);
    if (total === 0) {
      throw new ConfigError("empty_trace", "No minute has any requests.", { path: "trace.arrivals" });
    }
    if (rate === undefined) return minuteClock(minutes);
    const scale = (rate * 60 * minutes.length) / total;
    return minuteClock(minutes.map((requests) => requests * scale));
  }
  if (rate === undefined) {
    throw new ConfigError("missing_key", "Nothing says how often requests arrive.", {
      path: "trace.rate",
      hint: "Set trace.rate, or trace.utilisation with trace.servers and trace.request_seconds.",
    });
  }
  return steadyClock(rate);
}

/** Requests per second, if there is a rate or a utilisation that says so. */
function rateOf({ rate, utilisation, servers, request_seconds }: ArrivalRate): number | undefined {
  if (utilisation == null) {
    if (servers == null && request_seconds == null) return rate ?? undefined;
    const idle = servers == null ? "request_seconds" : "servers";
    throw new ConfigError("unknown_key", `${idle} has no effect without utilisation.`, { path: `trace.${idle}` });
  }
  if (rate != null) {
    throw new ConfigError("exclusive_keys", "rate and utilisation both say how often requests arrive.", {
      path: "trace.utilisation",
      hint: "Set one of them to null.",
    });
  }
  if (servers == null || request_seconds == null) {
    const missing = servers == null ? "servers" : "request_seconds";
    throw new ConfigError("missing_key", `utilisation needs ${missing}.`, {
      path: `trace.${missing}`,
      hint: "rate = utilisation * servers / request_seconds.",
    });
  }
  return (utilisation * servers) / request_seconds;
}

function requestsPerMinute(
  { requests_per_minute: list, table, column }: GeneratedParameters["arrivals"],
  openFile: OpenFile,
): number[] {
  if (list != null && table == null && column == null) return [...list];
  if (list == null && table != null && column != null) {
    const requests = { name: column, required: true, expected: "a number from 0", minimum: 0, integer: false };
    return Array.from(readTable(openFile, table, [{ ...requests, maximum: 1e9 }])[0]);
  }
  throw new ConfigError("arrivals", "The arrival process per_minute needs requests per minute.", {
    path: "trace.arrivals",
    hint: "Either requests_per_minute=[N,N,...], or table=FILE and column=NAME.",
  });
}
