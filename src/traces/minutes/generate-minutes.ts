import { ConfigError } from "../../errors.ts";
import { exponential } from "../../sim/kernel/distributions/exponential.ts";
import { createRandomStream } from "../../sim/kernel/random.ts";
import type { OpenFile } from "../open-file.ts";
import type { GeneratedParameters } from "../trace.schema.ts";
import { type Arrivals, mergeArrivals } from "./merge-arrivals.ts";
import { type MinuteDraws, minuteArrivals } from "./minute-arrivals.ts";
import { trafficOf } from "./traffic.ts";

/**
 * Arrivals by the minute. Streams: `trace.arrivals`, or `trace.arrivals.ID` of each application if they come from several, so
 * that one more application leaves the arrivals of the others as they are. Errors: ConfigError; TraceError for a malformed file.
 */
export function generateMinutes(parameters: GeneratedParameters, seed: number | string, openFile: OpenFile): Arrivals {
  const { applicationIds, requests } = trafficOf(parameters, openFile);
  const draw = minuteArrivals[parameters.arrivals.variant ?? "carry"];
  const endSeconds = parameters.end_time ?? Number.POSITIVE_INFINITY;
  const parts = applicationIds.map((id, place): Arrivals => {
    const stream = applicationIds.length === 1 ? "trace.arrivals" : `trace.arrivals.${id}`;
    const arrivalSeconds = before(endSeconds, draw(requests[place], drawsOf(seed, stream)));
    return { arrivalSeconds, applicationId: new Int32Array(arrivalSeconds.length).fill(id) };
  });
  const arrivals = mergeArrivals(parts);
  if (arrivals.arrivalSeconds.length > 0) return arrivals;
  const beforeEnd = parameters.end_time == null ? "" : ` before end_time = ${endSeconds} s`;
  throw new ConfigError("empty_trace", `No request arrives in the minutes${beforeEnd}.`, { path: "trace.arrivals" });
}

function drawsOf(seed: number | string, stream: string): MinuteDraws {
  const random = createRandomStream(seed, stream);
  const unit = exponential(1);
  return { exponential: () => unit(random), uniform: () => random.uniform() };
}

function before(endSeconds: number, arrivalSeconds: Float64Array): Float64Array {
  const end = arrivalSeconds.findIndex((seconds) => !(seconds < endSeconds));
  return end < 0 ? arrivalSeconds : arrivalSeconds.slice(0, end);
}
