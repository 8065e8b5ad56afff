/** `sweep plot DIR`: figures of a sweep or a run in files for papers, with the numbers beside them. */
import { join } from "node:path";
import { rowFilter } from "../analysis/row-filter.ts";
import { type RunTable, runTable } from "../analysis/run-table.ts";
import { SweepError } from "../errors.ts";
import { barFigure } from "../report/figures/bar-figure.ts";
import type { DrawnFigure } from "../report/figures/figure.ts";
import { type MetricFigure, metricFigure } from "../report/figures/metric-figure.ts";
import { paretoFigure } from "../report/figures/pareto-figure.ts";
import { cdfFigure, MOST_CURVES, timeFigure } from "../report/figures/run-figures.ts";
import { readDistributions, readTimeSeries } from "../report/read-run-files.ts";
import { inspectResults } from "../sweep/inspect-results.ts";
import { type SweepState, sweepRows } from "../sweep/inspect-sweep.ts";
import { FORMATS, formatsOf, writeFigure } from "./figure-files.ts";
import { describeOptions, type OptionTable, type ParsedOptions, parseOptions } from "./option-table.ts";
import { listFigures, plotNamed } from "./plot-named.ts";
import { EXIT } from "./report-error.ts";

const OPTIONS = {
  kind: {
    type: "string",
    value: "KIND",
    choices: ["line", "bar", "cdf", "pareto", "timeseries"],
    describe: "What is drawn (default: line)",
  },
  x: { type: "string", value: "COLUMN", describe: "Swept key, label or metric along the x axis" },
  y: { type: "string", value: "METRIC", describe: "Metric; cdf: ttft, tbt, e2e; timeseries: a sampled measure" },
  series: { type: "string", value: "COLUMN", describe: "A line, or a colour, for each of its values" },
  facet: { type: "string", value: "COLUMN", describe: "A panel for each of its values (line)" },
  figure: {
    type: "string",
    value: "NAME",
    describe: "A figure known by name, of one or several sweeps; list: all names",
  },
  filter: {
    type: "string",
    value: "WORDS",
    describe: "Only runs for which all hold, as in a report: 'cluster=dgx-h100 ttft_p99<1'",
  },
  "log-x": { type: "boolean", describe: "Logarithmic x axis (line, cdf)" },
  "log-y": { type: "boolean", describe: "Logarithmic y axis (line)" },
  format: { type: "string", value: "LIST", describe: `Of ${FORMATS.join(",")} (default: all)` },
  output: { type: "string", value: "BASE", describe: "Files BASE.svg, BASE.png, BASE.csv (default: Y-by-X in DIR)" },
  help: { type: "boolean", short: "h", describe: "Show this help" },
} as const satisfies OptionTable;

type Options = ParsedOptions<typeof OPTIONS>["options"];

const HELP = `Usage: sweep plot DIR --x COLUMN --y METRIC [options]
       sweep plot DIR --kind cdf|timeseries --y MEASURE [options]
       sweep plot DIR... --figure NAME [options]

Draws the means of a metric over seeds with their 95 % confidence intervals, as lines or bars; runs by two metrics, with
those marked that none beats in both (pareto); shares of requests by latency (cdf); what instances held over time
(timeseries); or a figure of the Splitwise studies. Writes the figure and its numbers.

${describeOptions(OPTIONS)}`;

export async function plotCommand(argv: readonly string[]): Promise<number> {
  const { options, words } = parseOptions(argv, OPTIONS);
  const { figure: name } = options;
  if (options.help) process.stdout.write(HELP);
  else if (name === "list") listFigures();
  else if (name !== undefined && words.length > 0) await plotNamed(name, words, options);
  else if (words.length === 1) await plotChosen(words[0], options);
  else throw usage("A figure needs a sweep's folder, --x and --y.");
  return EXIT.done;
}

async function plotChosen(directory: string, options: Options): Promise<void> {
  const { x, y, kind = "line" } = options;
  const needsX = kind !== "cdf" && kind !== "timeseries";
  if (y === undefined)
    throw usage(needsX ? "A figure needs a sweep's folder, --x and --y." : `--kind ${kind} needs --y.`);
  if (needsX && x === undefined) throw usage("A figure needs a sweep's folder, --x and --y.");
  const formats = formatsOf(options.format);
  const state = await inspectResults(directory);
  const table = runTable(sweepRows(state), state.plan.sweptKeys);
  const keep = filterOf(() => rowFilter(table, options.filter ?? ""));
  const figure =
    x === undefined || !needsX
      ? await runFigure(directory, state, table, { ...options, y, kind }, keep)
      : tableFigure(table, { ...options, x, y, kind }, keep);
  const stem = needsX ? `${y}-by-${x}` : `${y}-${kind}`;
  await writeFigure(figure, options.output ?? join(directory, stem.replaceAll(/[^\w.-]/g, "_")), formats);
}

function tableFigure(
  table: RunTable,
  options: Options & { readonly x: string; readonly y: string },
  keep: (row: number) => boolean,
): DrawnFigure {
  if (options.kind === "pareto") return paretoFigure(table, options, keep);
  const figure: MetricFigure =
    options.kind === "bar"
      ? barFigure(table, options, keep)
      : metricFigure(table, { ...options, logX: options["log-x"], logY: options["log-y"] }, keep);
  if (figure.averaged.length > 0) {
    process.stderr.write(
      `sweep: the means are also over ${figure.averaged.join(", ")}: choose a series, a facet or a filter\n`,
    );
  }
  return figure;
}

async function runFigure(
  directory: string,
  state: SweepState,
  table: RunTable,
  options: Options & { readonly y: string },
  keep: (row: number) => boolean,
): Promise<DrawnFigure> {
  if (options.kind === "cdf") {
    const { distributions, leftOut } = await readDistributions(directory, state, keep, MOST_CURVES);
    tellLeftOut(leftOut);
    return cdfFigure(table, distributions, { y: options.y, logX: options["log-x"] });
  }
  const { timeSeries, leftOut } = await readTimeSeries(directory, state, keep, MOST_CURVES);
  tellLeftOut(leftOut);
  return timeFigure(table, timeSeries, { y: options.y });
}

function tellLeftOut(runs: number): void {
  if (runs > 0) process.stderr.write(`sweep: ${runs} further runs are not drawn: choose with --filter\n`);
}

function usage(message: string): SweepError {
  return new SweepError("USAGE", message, {
    hint: "For example: sweep plot results/sweeps/2026-01-31_12-00-00 --x trace.rate --y ttft_p99 --series scheduler",
  });
}

function filterOf(make: () => (row: number) => boolean): (row: number) => boolean {
  try {
    return make();
  } catch (error) {
    throw new SweepError("USAGE", `--filter: ${(error as Error).message}`, { cause: error });
  }
}
