import { ConfigError } from "../../errors.ts";
import { createRandomStream } from "../../sim/kernel/random.ts";
import { checkKeys } from "../check-keys.ts";
import type { ArrivalParameters } from "../trace.schema.ts";
import type { ArrivalProcess } from "./arrival-process.ts";
import { type ArrivalRate, clockOf } from "./arrival-rate.ts";
import { arrivalProcesses } from "./index.ts";
import { SecondsColumn } from "./seconds-column.ts";

/** Bounds the work and memory (about 40 bytes per request) that a configuration can ask for. */
export const LARGEST_COUNT = 20_000_000;

/** How often requests arrive, how they are spread, and how many there are. */
export interface ArrivalPlan extends ArrivalRate {
  readonly requests?: number | null;
  readonly end_time?: number | null;
  readonly rate_scale?: number | null;
}

/** Ascending seconds, drawn from the stream `trace.arrivals`. Errors: ConfigError. */
export function generateArrivals(parameters: ArrivalPlan, seed: number | string): Float64Array {
  const { gap, clock, endSeconds, limit, expected } = planArrivals(parameters);
  const random = createRandomStream(seed, "trace.arrivals");
  const column = new SecondsColumn(Math.min(limit, expected * 1.1));
  // Gaps add up in units of the mean gap, so that another rate stretches the same arrivals.
  for (let arrived = gap(random); column.count < limit; arrived += gap(random)) {
    const seconds = clock.secondsAt(arrived);
    if (!(seconds < endSeconds)) break;
    if (column.count === LARGEST_COUNT) throw unbounded(LARGEST_COUNT);
    column.push(seconds);
  }
  if (column.count === 0) {
    throw new ConfigError("empty_trace", `No request arrives before end_time = ${endSeconds} s.`, {
      path: "trace.end_time",
      hint: `${Number(expected.toPrecision(3))} are expected on average.`,
    });
  }
  return column.column();
}

/** All that can be said before the first draw. Errors: as `generateArrivals`, but for a trace that stays empty. */
export function planArrivals(parameters: ArrivalPlan) {
  const gap = processOf(parameters.arrivals).create(parameters.arrivals);
  const clock = clockOf(parameters);
  if (parameters.rate_scale != null) {
    throw new ConfigError("unknown_key", "rate_scale is for recorded arrivals and those by the minute.", {
      path: "trace.rate_scale",
      hint: "Set trace.rate, the mean requests per second.",
    });
  }
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
  checkKeys(`The arrival process ${process}`, "trace.arrivals", given, found.needs, found.allows);
  return found;
}

function unbounded(expected: number): ConfigError {
  const asked = Number.isFinite(expected) ? `about ${Math.ceil(expected)} requests` : "requests without end";
  return new ConfigError("trace_length", `The generated trace is too long: ${asked}; at most ${LARGEST_COUNT}.`, {
    path: "trace.requests",
    hint: "Set trace.requests, trace.end_time, or both.",
  });
}
