/** Makes a trace: an arrival process, and lengths drawn independently of it. */
import { ConfigError } from "../errors.ts";
import { jointEmpirical } from "../sim/kernel/distributions/joint-empirical.ts";
import { createRandomStream } from "../sim/kernel/random.ts";
import type { Trace } from "../sim/workload/trace.ts";
import { generateArrivals, planArrivals } from "./arrivals/generate-arrivals.ts";
import { drawApplications } from "./assign-applications.ts";
import { checkKeys } from "./check-keys.ts";
import { createLengths, toTokens } from "./lengths/create-lengths.ts";
import { parseJointTable } from "./lengths/joint-table.ts";
import { recordedPairs } from "./lengths/recorded-pairs.ts";
import { dividesSeries } from "./minutes/division-of.ts";
import { generateMinutes } from "./minutes/generate-minutes.ts";
import { checkTraffic } from "./minutes/traffic.ts";
import type { OpenFile } from "./open-file.ts";
import { plainTrace } from "./plain-trace.ts";
import { sharePrefixes } from "./shared-prefixes.ts";
import type { GeneratedParameters } from "./trace.schema.ts";

/**
 * Streams: `trace.arrivals` (and one of each application's own, if the minutes are), `trace.applications` for the drawn ones,
 * `trace.lengths` for lengths drawn together or `trace.lengths.prompt` and `trace.lengths.output`, and `trace.prefixes` for
 * which prompts begin alike. So equal seeds give the same arrivals whatever the lengths are, and the reverse. `openFile` opens tables of lengths.
 * Errors: ConfigError for parameters that contradict each other, lack something, or give no request at all; TraceError
 * for a malformed table.
 */
export function generateTrace(parameters: GeneratedParameters, seed: number | string, openFile: OpenFile): Trace {
  const drawLengths = lengthsOf(parameters, seed, openFile);
  const { arrivalSeconds, applicationId } = requestsOf(parameters, seed, openFile);
  const promptTokens = new Int32Array(arrivalSeconds.length);
  const outputTokens = new Int32Array(arrivalSeconds.length);
  for (let row = 0; row < arrivalSeconds.length; row++) {
    const [prompt, output] = drawLengths(applicationId?.[row] ?? 0);
    promptTokens[row] = prompt;
    outputTokens[row] = output;
  }
  const source = parameters.name ?? "generated trace";
  const plain = plainTrace({ arrivalSeconds, promptTokens, outputTokens, source });
  const trace = applicationId === undefined ? plain : { ...plain, applicationId };
  if (parameters.prefixes == null) return trace;
  return { ...trace, ...sharePrefixes(parameters.prefixes, promptTokens, outputTokens, seed) };
}

/** Finds the mistakes that `generateTrace` finds before its first draw. */
export function checkGenerator(parameters: GeneratedParameters, openFile: OpenFile): void {
  if (parameters.arrivals.process === "per_minute") checkTraffic(parameters, openFile);
  else planArrivals(parameters);
  if (parameters.applications != null && !dividesMinutes(parameters)) drawApplications(parameters.applications, 0, 0);
  lengthsOf(parameters, 0, openFile);
  if (parameters.prefixes != null) sharePrefixes(parameters.prefixes, new Int32Array(0), new Int32Array(0), 0);
}

/** Whether the minutes are of applications each. */
function dividesMinutes({ arrivals, applications }: GeneratedParameters): boolean {
  return arrivals.process === "per_minute" && dividesSeries(applications);
}

/** When requests arrive, and for which applications, if not all for 0. */
function requestsOf(
  parameters: GeneratedParameters,
  seed: number | string,
  openFile: OpenFile,
): { readonly arrivalSeconds: Float64Array; readonly applicationId: Int32Array | undefined } {
  const { applications } = parameters;
  if (dividesMinutes(parameters)) return generateMinutes(parameters, seed, openFile);
  const arrivalSeconds =
    parameters.arrivals.process === "per_minute"
      ? generateMinutes(parameters, seed, openFile).arrivalSeconds
      : generateArrivals(parameters, seed);
  const applicationId = applications == null ? undefined : drawApplications(applications, arrivalSeconds.length, seed);
  return { arrivalSeconds, applicationId };
}

function lengthsOf(
  { lengths }: GeneratedParameters,
  seed: number | string,
  openFile: OpenFile,
): (application: number) => readonly [number, number] {
  const { distribution, table, prompt, output, ...ofPairs } = lengths;
  if (distribution === "pairs" && table !== undefined && prompt === undefined && output === undefined) {
    const random = createRandomStream(seed, "trace.lengths");
    const file = openFile(table);
    const draw = recordedPairs(file.bytes, file.path, ofPairs);
    return (application) => draw(random, application);
  }
  if (distribution !== "pairs") checkKeys(`Lengths that are not pairs`, "trace.lengths", ofPairs, []);
  if (distribution === "joint" && table !== undefined && prompt === undefined && output === undefined) {
    const random = createRandomStream(seed, "trace.lengths");
    const file = openFile(table);
    const draw = jointEmpirical(parseJointTable(file.bytes, file.path));
    return () => {
      const [promptTokens, outputTokens] = draw(random);
      return [toTokens(promptTokens), toTokens(outputTokens)];
    };
  }
  if (distribution === undefined && table === undefined && prompt !== undefined && output !== undefined) {
    const promptTokens = createLengths(prompt, "trace.lengths.prompt", seed, openFile);
    const outputTokens = createLengths(output, "trace.lengths.output", seed, openFile);
    return () => [promptTokens(), outputTokens()];
  }
  throw new ConfigError("lengths", `The lengths have ${Object.keys(lengths).sort().join(", ") || "no keys"}.`, {
    path: "trace.lengths",
    hint: "Expected distribution: joint or pairs with a table, or prompt and output with a distribution each.",
  });
}
