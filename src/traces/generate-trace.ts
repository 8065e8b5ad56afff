/** Makes a trace: an arrival process, and lengths drawn independently of it. */
import { ConfigError } from "../errors.ts";
import { jointEmpirical } from "../sim/kernel/distributions/joint-empirical.ts";
import { createRandomStream } from "../sim/kernel/random.ts";
import type { Trace } from "../sim/workload/trace.ts";
import { arrivalProcesses } from "./arrivals/index.ts";
import { createLengths, toTokens } from "./lengths/create-lengths.ts";
import { parseJointTable } from "./lengths/joint-table.ts";
import type { OpenFile } from "./open-file.ts";
import { plainTrace } from "./plain-trace.ts";
import type { GeneratedParameters } from "./trace.schema.ts";

/** Bounds the work and memory (about 40 bytes per request) that a configuration can ask for. */
export const LARGEST_COUNT = 20_000_000;

/**
 * Streams: `trace.arrivals`, and `trace.lengths` for joint lengths or `trace.lengths.prompt` and `trace.lengths.output`.
 * So equal seeds give the same arrivals whatever the lengths are, and the reverse. `openFile` opens tables of lengths.
 * Errors: ConfigError for parameters that contradict each other, lack something, or give no request at all; TraceError
 * for a malformed table.
 */
export function generateTrace(parameters: GeneratedParameters, seed: number | string, openFile: OpenFile): Trace {
  const drawLengths = lengthsOf(parameters, seed, openFile);
  const arrivalSeconds = generateArrivals(parameters, seed);
  const promptTokens = new Int32Array(arrivalSeconds.length);
  const outputTokens = new Int32Array(arrivalSeconds.length);
  for (let row = 0; row < arrivalSeconds.length; row++) {
    const [prompt, output] = drawLengths();
    promptTokens[row] = prompt;
    outputTokens[row] = output;
  }
  return plainTrace({ arrivalSeconds, promptTokens, outputTokens, source: parameters.name ?? "generated trace" });
}

function generateArrivals(parameters: GeneratedParameters, seed: number | string): Float64Array {
  const { rate, arrivals } = parameters;
  const process = arrivalProcesses.find((candidate) => candidate.process === arrivals.process);
  if (process === undefined)
    throw new ConfigError("invalid_value", `There is no arrival process '${arrivals.process}'.`);
  checkCoefficient(arrivals, process.needs);
  const endSeconds = parameters.end_time ?? Number.POSITIVE_INFINITY;
  const limit = parameters.requests ?? LARGEST_COUNT + 1;
  if (limit > LARGEST_COUNT && endSeconds * rate > LARGEST_COUNT) throw unbounded(parameters);

  const gap = process.create(arrivals);
  const random = createRandomStream(seed, "trace.arrivals");
  let column = new Float64Array(Math.min(limit, Math.ceil(endSeconds * rate * 1.1) + 64));
  let count = 0;
  // Gaps add up in units of the mean gap: one rounding per request makes seconds of them, and k / rate is exact.
  for (let gaps = gap(random); count < limit && gaps / rate < endSeconds; gaps += gap(random)) {
    if (count === LARGEST_COUNT) throw unbounded(parameters);
    if (count === column.length) column = grown(column);
    column[count++] = gaps / rate;
  }
  if (count === 0) {
    throw new ConfigError("empty_trace", `At ${rate} requests/s none arrives before end_time = ${endSeconds} s.`, {
      path: "trace.end_time",
    });
  }
  return column.slice(0, count);
}

function grown(column: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(2 * column.length);
  larger.set(column);
  return larger;
}

function checkCoefficient({ process, cv }: GeneratedParameters["arrivals"], needs: readonly string[]): void {
  if ((cv !== undefined) === needs.includes("cv")) return;
  throw new ConfigError(
    cv === undefined ? "missing_key" : "unknown_key",
    cv === undefined ? `The arrival process ${process} needs cv.` : `The arrival process ${process} has no cv.`,
    { path: "trace.arrivals.cv", hint: "cv is the coefficient of variation of gamma's gaps." },
  );
}

function unbounded({ requests, end_time: endTime, rate }: GeneratedParameters): ConfigError {
  const asked = requests == null && endTime == null ? "without end" : `${rate} requests/s until ${endTime} s`;
  return new ConfigError(
    "trace_length",
    `The generated trace is too long: ${asked}; at most ${LARGEST_COUNT} requests.`,
    {
      path: "trace.requests",
      hint: "Set trace.requests, trace.end_time, or both.",
    },
  );
}

function lengthsOf(
  { lengths }: GeneratedParameters,
  seed: number | string,
  openFile: OpenFile,
): () => readonly [number, number] {
  const { distribution, table, prompt, output } = lengths;
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
    hint: "Expected distribution: joint with a table, or prompt and output with a distribution each.",
  });
}
