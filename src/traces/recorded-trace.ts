/** Traces recorded by services: their files, and what a configuration makes of their arrivals. */
import { ConfigError } from "../errors.ts";
import type { Trace } from "../sim/workload/trace.ts";
import { generateArrivals } from "./arrivals/generate-arrivals.ts";
import { drawApplications } from "./assign-applications.ts";
import { parseAzureCsv } from "./azure-csv.ts";
import { parseBurstGptCsv } from "./burstgpt-csv.ts";
import { checkKeys } from "./check-keys.ts";
import { parseMooncakeJsonl } from "./mooncake-jsonl.ts";
import { scaleArrivals } from "./scale-arrivals.ts";
import type { RecordedParameters } from "./trace.schema.ts";

const RECORDED: NonNullable<RecordedParameters["arrivals"]> = { process: "recorded" };

/**
 * Arrivals are the recorded ones, scaled, or of a process at `rate` from the stream `trace.arrivals`, as those of generated
 * traces; applications are those of the file's models, or drawn. Errors: TraceError for a malformed file; ConfigError for parameters that contradict each other or lack something.
 */
export function recordedTrace(
  bytes: Uint8Array,
  source: string,
  parameters: RecordedParameters,
  seed: number | string,
): Trace {
  const trace = withApplications(parse(bytes, source, parameters), parameters, seed);
  const { process, ...given } = parameters.arrivals ?? RECORDED;
  if (process !== "recorded") {
    if (parameters.rate_scale != null) {
      throw new ConfigError("exclusive_keys", `rate_scale is for recorded arrivals, and these are ${process}.`, {
        path: "trace.rate_scale",
        hint: "Set trace.rate, the mean requests per second.",
      });
    }
    const arrivals = { rate: parameters.rate ?? null, requests: trace.count, arrivals: { process, ...given } };
    return { ...trace, arrivalSeconds: generateArrivals(arrivals, seed) };
  }
  if (given.cv !== undefined) {
    throw new ConfigError("unknown_key", "Recorded arrivals have no cv.", { path: "trace.arrivals.cv" });
  }
  const scaling = { rate: parameters.rate ?? undefined, rateScale: parameters.rate_scale ?? undefined };
  scaleArrivals(trace.arrivalSeconds, scaling, source);
  return trace;
}

/** Applications by the names of models, if the file has such names and the configuration maps them. */
function modelApplications({ _target_, applications }: RecordedParameters): ReadonlyMap<string, number> | undefined {
  if (_target_ !== "traces.BurstGptCsv" || applications?.assign !== "mapping") return undefined;
  const { assign, ...given } = applications;
  checkKeys(`The assignment ${assign}`, "trace.applications", given, ["mapping"]);
  return new Map(Object.entries(applications.mapping ?? {}));
}

function withApplications(trace: Trace, parameters: RecordedParameters, seed: number | string): Trace {
  if (parameters.applications == null || modelApplications(parameters) !== undefined) return trace;
  const applicationId = drawApplications(parameters.applications, trace.count, seed);
  return applicationId === undefined ? trace : { ...trace, applicationId };
}

function parse(bytes: Uint8Array, source: string, parameters: RecordedParameters): Trace {
  const limit = parameters.limit ?? undefined;
  switch (parameters._target_) {
    case "traces.AzureCsv":
      return parseAzureCsv(bytes, source, { limit });
    case "traces.BurstGptCsv":
      return parseBurstGptCsv(bytes, source, { limit, applications: modelApplications(parameters) });
    case "traces.MooncakeJsonl":
      return parseMooncakeJsonl(bytes, source, { limit, blockTokens: parameters.block_tokens });
  }
}
