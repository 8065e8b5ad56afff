/** `sweep trace generate`: writes the trace that a run with these overrides would generate. */
import { SweepError } from "../../errors.ts";
import { csvPath } from "../../traces/load-trace.ts";
import { displayPath } from "../display-path.ts";
import { describeOptions, type OptionTable, parseOptions } from "../option-table.ts";
import { checkTarget } from "../output-file.ts";
import { EXIT } from "../report-error.ts";
import { configuredTrace } from "./configured-trace.ts";
import { COMMON_OPTIONS, CONFIG_OPTIONS, FORCE_OPTION } from "./options.ts";
import { figure } from "./text-plot.ts";
import { arrivalFigures } from "./trace-figures.ts";
import { writeTrace } from "./write-trace.ts";

const OPTIONS = {
  out: { type: "string", short: "o", value: "FILE", describe: "CSV file to write, compressed if it ends in .gz" },
  ...FORCE_OPTION,
  ...CONFIG_OPTIONS,
  ...COMMON_OPTIONS,
} as const satisfies OptionTable;

const HELP = `Usage: sweep trace generate [options] [overrides...] --out FILE

Writes the trace that a run with the same overrides would generate, in SplitwiseSim's format. The same seed gives the
same file. trace.filename=rr_code_R, rr_conv_R, and these with _2min, are the traces of SplitwiseSim's experiments.

  sweep trace generate trace=poisson trace.rate=5 trace.requests=1000 seed=1 --out mine.csv
  sweep trace generate trace.filename=rr_conv_70 --out traces/rr_conv_70.csv

${describeOptions(OPTIONS)}`;

export function generateCommand(argv: readonly string[]): number {
  const { options, words } = parseOptions(argv, OPTIONS);
  if (options.help) {
    process.stdout.write(HELP);
    return EXIT.done;
  }
  const { out } = options;
  if (out === undefined) {
    throw new SweepError("USAGE", "--out is missing.", {
      hint: "For example: sweep trace generate trace=poisson trace.rate=5 --out mine.csv",
    });
  }
  checkTarget(out, options.force);
  const location = {
    configName: options["config-name"],
    configPath: options["config-path"],
    configDir: options["config-dir"],
  };
  // The file holds the arrivals as they were drawn: whoever reads it rounds them as it does.
  const configured = configuredTrace(words, location, (trace) => ({ ...trace, float_parser: "ieee" }));
  const read = csvPath(configured.config);
  if (read !== undefined) {
    throw new SweepError("USAGE", `Nothing is to be generated: the trace is read from '${read}'.`, {
      hint: "`sweep trace convert IN OUT` writes a trace that was read.",
    });
  }
  const trace = configured.load();
  if (trace.prefixBlocks !== undefined) {
    process.stderr.write(
      "sweep: which prompts begin alike (trace.prefixes) is left out: the format has no place for it\n",
    );
  }
  writeTrace(out, trace);
  const { span_seconds, requests_per_second } = arrivalFigures(trace);
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ out, requests: trace.count, span_seconds, requests_per_second })}\n`
      : `${displayPath(out)}: ${trace.count} requests in ${figure(span_seconds)} s (${figure(requests_per_second)}/s)\n`,
  );
  return EXIT.done;
}
