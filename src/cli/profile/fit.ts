/** `sweep profile fit`: fits a profile or a performance model to measured passes. */
import { basename, extname } from "node:path";
import { type Measurement, readMeasurements } from "../../analysis/fit/measurements.ts";
import { SweepError } from "../../errors.ts";
import { displayPath } from "../display-path.ts";
import { describeOptions, type OptionTable, parseOptions, wholeNumber } from "../option-table.ts";
import { checkTarget, writeOutput } from "../output-file.ts";
import { readText } from "../read-text.ts";
import { EXIT } from "../report-error.ts";
import { COMMON_OPTIONS, CONFIG_OPTIONS, FORCE_OPTION } from "../trace/options.ts";
import { distserveReport } from "./fit-distserve.ts";
import { profileReport } from "./fit-profile.ts";
import { type FitReport, partData, partLines } from "./fit-report.ts";
import { rooflineReport } from "./fit-roofline.ts";
import { SCALAR_OPTIONS } from "./scalar-options.ts";

const OPTIONS = {
  as: { type: "string", value: "KIND", choices: ["profile", "distserve", "roofline"], describe: "What to fit" },
  out: { type: "string", short: "o", value: "FILE", describe: "Write what was fitted" },
  ...FORCE_OPTION,
  aggregate: {
    type: "string",
    value: "WHICH",
    choices: ["mean", "min", "last"],
    describe: "Profile: which of several times of a number of tokens counts (mean)",
  },
  threshold: {
    type: "string",
    value: "N",
    describe: "DistServe: requests from which a batch of decodes is large (95)",
  },
  "tensor-parallelism": { type: "string", value: "N", describe: "DistServe: processors that share each layer (1)" },
  ...SCALAR_OPTIONS,
  ...CONFIG_OPTIONS,
  ...COMMON_OPTIONS,
} as const satisfies OptionTable;

const HELP = `Usage: sweep profile fit [options] MEASUREMENTS --as profile|distserve
       sweep profile fit [options] MEASUREMENTS --as roofline [overrides of sweep latency...]

MEASUREMENTS is CSV, a row for each measured pass (iteration) of an engine:

  tokens          tokens computed in the pass
  batch           requests in the pass
  context         tokens in the KV caches of these requests before the pass, together
  seconds         time of the pass
  squared_tokens  sum of the squares of the requests' tokens; may be left out if they are equal

A pass with one token for each request, and contexts, decodes only; a pass without context is a prefill.

  profile    a curve of times by tokens for each of the two kinds of passes; needs --num-gpu-blocks
  distserve  prefill: A + B tokens + C squared tokens; decode: A + B (context + batch) + C batch, for small and large batches;
             least squares of relative errors
  roofline   compute_efficiency, bandwidth_efficiency, network_efficiency and iteration_overhead of performance_model=roofline,
             for the model and hardware that the overrides choose

${describeOptions(OPTIONS)}`;

export function fitCommand(argv: readonly string[]): number {
  const { options, words } = parseOptions(argv, OPTIONS);
  if (options.help) {
    process.stdout.write(HELP);
    return EXIT.done;
  }
  const [input, ...overrides] = words;
  if (input === undefined || options.as === undefined) {
    const problem = options.as === undefined ? "--as is missing: what to fit." : "No file of measurements is named.";
    throw new SweepError("USAGE", problem, { hint: "For example: sweep profile fit passes.csv --as distserve" });
  }
  if (overrides.length > 0 && options.as !== "roofline") {
    throw new SweepError("USAGE", `Unknown argument '${overrides[0]}': only --as roofline takes overrides.`);
  }
  const { out } = options;
  if (out !== undefined) checkTarget(out, options.force);
  const measurements = readMeasurements(readText(input), input);
  const report = fitted(measurements, input, overrides, options);
  for (const warning of report.warnings) process.stderr.write(`sweep: ${warning}\n`);
  if (out !== undefined) writeOutput(out, report.content);
  if (options.json) {
    const parts = Object.fromEntries(report.parts.map((part) => [part.name, partData(part)]));
    process.stdout.write(`${JSON.stringify({ as: options.as, measurements: measurements.length, parts })}\n`);
    return EXIT.done;
  }
  const lines = report.parts.flatMap((part) => partLines(part));
  const written = out === undefined ? ["Nothing is written without --out FILE."] : [displayPath(out)];
  process.stdout.write(`${[...lines, ...written].join("\n")}\n`);
  return EXIT.done;
}

type Options = ReturnType<typeof parseOptions<typeof OPTIONS>>["options"];

function fitted(
  measurements: readonly Measurement[],
  file: string,
  overrides: readonly string[],
  options: Options,
): FitReport {
  if (options.as === "profile") return profileReport(measurements, file, options.aggregate ?? "mean", options);
  if (options.as === "distserve") {
    return distserveReport(measurements, wholeNumber("threshold", options.threshold, 1) ?? 95, {
      model: options.model ?? basename(file, extname(file)),
      tensorParallelism: wholeNumber("tensor-parallelism", options["tensor-parallelism"], 1) ?? 1,
    });
  }
  return rooflineReport(measurements, overrides, {
    ...(options["config-name"] === undefined ? {} : { configName: options["config-name"] }),
    configPath: options["config-path"],
    configDir: options["config-dir"],
  });
}
