/** Makes a trace: an arrival process, and lengths drawn independently of it. */
import { ConfigError } from "../errors.ts";
import { jointEmpirical } from "../sim/kernel/distributions/joint-empirical.ts";
import { createRandomStream } from "../sim/kernel/random.ts";
import type { Trace } from "../sim/workload/trace.ts";
import { generateArrivals, planArrivals } from "./arrivals/generate-arrivals.ts";
import { createLengths, toTokens } from "./lengths/create-lengths.ts";
import { parseJointTable } from "./lengths/joint-table.ts";
import type { OpenFile } from "./open-file.ts";
import { plainTrace } from "./plain-trace.ts";
import { sharePrefixes } from "./shared-prefixes.ts";
import type { GeneratedParameters } from "./trace.schema.ts";

/**
 * Streams: `trace.arrivals`, `trace.lengths` for joint lengths or `trace.lengths.prompt` and `trace.lengths.output`, and
 * `trace.prefixes` for which prompts begin alike.
 * So equal seeds give the same arrivals whatever the lengths are, and the reverse. `openFile` opens tables of lengths.
 * Errors: ConfigError for parameters that contradict each other, lack something, or give no request at all; TraceError
 * for a malformed table.
 */
export function generateTrace(parameters: GeneratedParameters, seed: number | string, openFile: OpenFile): Trace {
  const drawLengths = lengthsOf(parameters, seed, openFile);
  const arrivalSeconds = generateArrivals(parameters, seed, openFile);
  const promptTokens = new Int32Array(arrivalSeconds.length);
  const outputTokens = new Int32Array(arrivalSeconds.length);
  for (let row = 0; row < arrivalSeconds.length; row++) {
    const [prompt, output] = drawLengths();
    promptTokens[row] = prompt;
    outputTokens[row] = output;
  }
  const trace = plainTrace({
    arrivalSeconds,
    promptTokens,
    outputTokens,
    source: parameters.name ?? "generated trace",
  });
  if (parameters.prefixes == null) return trace;
  return { ...trace, ...sharePrefixes(parameters.prefixes, promptTokens, outputTokens, seed) };
}

/** Finds the mistakes that `generateTrace` finds before its first draw. */
export function checkGenerator(parameters: GeneratedParameters, openFile: OpenFile): void {
  planArrivals(parameters, openFile);
  lengthsOf(parameters, 0, openFile);
  if (parameters.prefixes != null) sharePrefixes(parameters.prefixes, new Int32Array(0), new Int32Array(0), 0);
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
