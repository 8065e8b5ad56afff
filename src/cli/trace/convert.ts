/** `sweep trace convert`: writes a trace of any known format in SplitwiseSim's. */
import { resolve } from "node:path";
import { SweepError } from "../../errors.ts";
import type { Trace } from "../../sim/workload/trace.ts";
import { TRACE_FORMATS } from "../../traces/formats.ts";
import { readAnyTraceFile } from "../../traces/read-trace-file.ts";
import { type ArrivalScaling, scaleArrivals } from "../../traces/scale-arrivals.ts";
import { displayPath } from "../display-path.ts";
import { describeOptions, type OptionTable, parseOptions, positiveNumber, wholeNumber } from "../option-table.ts";
import { checkTarget } from "../output-file.ts";
import { EXIT } from "../report-error.ts";
import { COMMON_OPTIONS, FORCE_OPTION } from "./options.ts";
import { figure } from "./text-plot.ts";
import { arrivalFigures } from "./trace-figures.ts";
import { writeTrace } from "./write-trace.ts";

const OPTIONS = {
  rate: { type: "string", value: "R", describe: "Scale the arrivals to a mean of so many requests/s" },
  "rate-scale": { type: "string", value: "FACTOR", describe: "Or divide all arrival times by this" },
  limit: { type: "string", value: "N", describe: "Only so many requests, from the file's start" },
  ...FORCE_OPTION,
  ...COMMON_OPTIONS,
} as const satisfies OptionTable;

const HELP = `Usage: sweep trace convert [options] IN OUT

Reads a trace and writes it as CSV in SplitwiseSim's format, compressed if OUT ends in .gz. IN may be compressed, and be:

${Object.values(TRACE_FORMATS)
  .map((format) => `  ${format}\n`)
  .join("")}
${describeOptions(OPTIONS)}`;

export function convertCommand(argv: readonly string[]): number {
  const { options, words } = parseOptions(argv, OPTIONS);
  if (options.help) {
    process.stdout.write(HELP);
    return EXIT.done;
  }
  const [input, out, ...others] = words;
  if (input === undefined || out === undefined || others.length > 0) {
    throw new SweepError("USAGE", `Found ${words.length} files, expected two: IN and OUT.`, {
      hint: "For example: sweep trace convert AzureLLMInferenceTrace_conv.csv conv_20.csv --rate 20",
    });
  }
  if (options.rate !== undefined && options["rate-scale"] !== undefined) {
    throw new SweepError("USAGE", "--rate and --rate-scale exclude each other.");
  }
  const scaling = {
    rate: positiveNumber("rate", options.rate, "requests per second"),
    rateScale: positiveNumber("rate-scale", options["rate-scale"], "a factor"),
  };
  const limit = wholeNumber("limit", options.limit, 1);
  if (resolve(input) === resolve(out)) throw new SweepError("USAGE", "IN and OUT are the same file.");
  checkTarget(out, options.force);

  const { trace: read, format } = readAnyTraceFile(input);
  const trace = scaled(limit === undefined ? read : firstRequests(read, limit), scaling);
  if (read.prefixBlocks !== undefined) {
    process.stderr.write("sweep: hash_ids, the blocks of prompts that requests share, are left out\n");
  }
  writeTrace(out, trace);
  const { span_seconds, requests_per_second } = arrivalFigures(trace);
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ in: input, format, out, requests: trace.count, span_seconds, requests_per_second })}\n`
      : `${displayPath(out)}: ${trace.count} requests in ${figure(span_seconds)} s (${figure(requests_per_second)}/s), ` +
          `from ${displayPath(input)} (${TRACE_FORMATS[format]})\n`,
  );
  return EXIT.done;
}

function firstRequests({ prefixBlocks: _, ...trace }: Trace, limit: number): Trace {
  return {
    ...trace,
    count: Math.min(trace.count, limit),
    arrivalSeconds: trace.arrivalSeconds.slice(0, limit),
    promptTokens: trace.promptTokens.slice(0, limit),
    outputTokens: trace.outputTokens.slice(0, limit),
    requestId: trace.requestId.slice(0, limit),
    requestType: trace.requestType.slice(0, limit),
    applicationId: trace.applicationId.slice(0, limit),
    batchSize: trace.batchSize.slice(0, limit),
    ...(trace.priority && { priority: trace.priority.slice(0, limit) }),
  };
}

function scaled(trace: Trace, scaling: ArrivalScaling): Trace {
  const arrivalSeconds = trace.arrivalSeconds.slice();
  scaleArrivals(arrivalSeconds, scaling, trace.source);
  return { ...trace, arrivalSeconds };
}
