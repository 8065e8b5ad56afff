import { ConfigError } from "../../errors.ts";
import { createRandomStream } from "../../sim/kernel/random.ts";
import type { OpenFile } from "../open-file.ts";
import type { ArrivalParameters } from "../trace.schema.ts";
import type { ArrivalProcess } from "./arrival-process.ts";
import { type ArrivalRate, clockOf } from "./arrival-rate.ts";
import { arrivalProcesses } from "./index.ts";

/** Bounds the work and memory (about 40 bytes per request) that a configuration can ask for. */
export const LARGEST_COUNT = 20_000_000;

/** How often requests arrive, how they are spread, and how many there are. */
export interface ArrivalPlan extends ArrivalRate {
  readonly requests?: number | null;
  readonly end_time?: number | null;
}

/** Ascending seconds, drawn from the stream `trace.arrivals`. Errors: ConfigError; TraceError for a malformed table. */
export function generateArrivals(parameters: ArrivalPlan, seed: number | string, openFile: OpenFile): Float64Array {
  const { gap, clock, endSeconds, limit, expected } = planArrivals(parameters, openFile);
  const random = createRandomStream(seed, "trace.arrivals");
  let column = new Float64Array(Math.min(limit, Math.ceil(expected * 1.1) + 64));
  let count = 0;
  // Gaps add up in units of the mean gap, so that another rate stretches the same arrivals.
  for (let arrived = gap(random); count < limit; arrived += gap(random)) {
    const seconds = clock.secondsAt(arrived);
    if (!(seconds < endSeconds)) break;
    if (count === LARGEST_COUNT) throw unbounded(count);
    if (count === column.length) column = grown(column);
    column[count++] = seconds;
  }
  if (count === 0) {
    throw new ConfigError("empty_trace", `No request arrives before end_time = ${endSeconds} s.`, {
      path: "trace.end_time",
      hint: `${Number(expected.toPrecision(3))} are expected on average.`,
    });
  }
  return column.slice(0, count);
}

/** All that can be said before the first draw. Errors: as `generateArrivals`, but for a trace that stays empty. */
export function planArrivals(parameters: ArrivalPlan, openFile: OpenFile) {
  const gap = processOf(parameters.arrivals).create(parameters.arrivals);
  const clock = clockOf(parameters, openFile);
  const endSeconds = parameters.end_time ?? Number.POSITIVE_INFINITY;
  const expected = clock.arrivedBy(endSeconds);
  const limit = parameters.requests ?? LARGEST_COUNT + 1;
  if (limit > LARGEST_COUNT && expected > LARGEST_COUNT) throw unbounded(expected);
  return { gap, clock, endSeconds, limit, expected };
}

function processOf(parameters: ArrivalParameters): ArrivalProcess {
  const { process, ...given } = parameters;
  const found = arrivalProcesses.find((candidate) => candidate.process === process);
  if (found === undefined) throw new ConfigError("invalid_value", `There is no arrival process '${process}'.`);
  const missing = found.needs.find((key) => given[key] === undefined);
  if (missing !== undefined) {
    throw new ConfigError("missing_key", `The arrival process ${process} needs ${missing}.`, {
      path: `trace.arrivals.${missing}`,
      hint: "cv is the coefficient of variation of gamma's gaps.",
    });
  }
  const known: readonly string[] = [...found.needs, ...found.allows];
  const surplus = Object.entries(given).find(([key, value]) => value !== null && !known.includes(key))?.[0];
  if (surplus === undefined) return found;
  throw new ConfigError("unknown_key", `The arrival process ${process} has no ${surplus}.`, {
    path: `trace.arrivals.${surplus}`,
    hint: known.length === 0 ? "It has no parameters." : `It has ${known.join(", ")}.`,
  });
}

function grown(column: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(2 * column.length);
  larger.set(column);
  return larger;
}

function unbounded(expected: number): ConfigError {
  const asked = Number.isFinite(expected) ? `about ${Math.ceil(expected)} requests` : "requests without end";
  return new ConfigError("trace_length", `The generated trace is too long: ${asked}; at most ${LARGEST_COUNT}.`, {
    path: "trace.requests",
    hint: "Set trace.requests, trace.end_time, or both.",
  });
}
