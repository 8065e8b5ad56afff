/** `sweep plot DIR`: a metric against a parameter as a figure, in files for papers, with the numbers beside it. */
import { join } from "node:path";
import { rowFilter } from "../analysis/row-filter.ts";
import { runTable } from "../analysis/run-table.ts";
import { SweepError } from "../errors.ts";
import { metricFigure } from "../report/figures/metric-figure.ts";
import { svgToPng } from "../report/png.ts";
import { fileError, writeFileAtomically } from "../results/durable-files.ts";
import { inspectSweep, sweepRows } from "../sweep/inspect-sweep.ts";
import { displayPath } from "./display-path.ts";
import { describeOptions, type OptionTable, parseOptions } from "./option-table.ts";
import { EXIT } from "./report-error.ts";

const FORMATS = ["svg", "png", "csv"] as const;

const OPTIONS = {
  x: { type: "string", value: "COLUMN", describe: "Swept key, label or metric along the x axis" },
  y: { type: "string", value: "METRIC", describe: "Metric along the y axis" },
  series: { type: "string", value: "COLUMN", describe: "A line for each of its values" },
  facet: { type: "string", value: "COLUMN", describe: "A panel for each of its values" },
  filter: {
    type: "string",
    value: "WORDS",
    describe: "Only runs for which all hold, as in a report: 'cluster=dgx-h100 ttft_p99<1'",
  },
  "log-x": { type: "boolean", describe: "Logarithmic x axis" },
  "log-y": { type: "boolean", describe: "Logarithmic y axis" },
  format: { type: "string", value: "LIST", describe: `Of ${FORMATS.join(",")} (default: all)` },
  output: { type: "string", value: "BASE", describe: "Files BASE.svg, BASE.png, BASE.csv (default: Y-by-X in DIR)" },
  help: { type: "boolean", short: "h", describe: "Show this help" },
} as const satisfies OptionTable;

const HELP = `Usage: sweep plot DIR --x COLUMN --y METRIC [options]

Draws the means of a metric over seeds, with their 95 % confidence intervals, and writes the figure and its numbers.

${describeOptions(OPTIONS)}`;

export async function plotCommand(argv: readonly string[]): Promise<number> {
  const { options, words } = parseOptions(argv, OPTIONS);
  if (options.help) {
    process.stdout.write(HELP);
    return EXIT.done;
  }
  const { x, y, series, facet } = options;
  const [sweepDir] = words;
  if (words.length !== 1 || x === undefined || y === undefined) {
    throw new SweepError("USAGE", "A figure needs a sweep's folder, --x and --y.", {
      hint: "For example: sweep plot results/sweeps/2026-01-31_12-00-00 --x trace.rate --y ttft_p99 --series scheduler",
    });
  }
  const formats = formatsOf(options.format);
  const state = await inspectSweep(sweepDir);
  const table = runTable(sweepRows(state), state.plan.sweptKeys);
  const keep = filterOf(() => rowFilter(table, options.filter ?? ""));
  const choice = { x, y, series, facet, logX: options["log-x"], logY: options["log-y"] };
  const figure = metricFigure(table, choice, keep);
  if (figure.averaged.length > 0) {
    process.stderr.write(
      `sweep: the means are also over ${figure.averaged.join(", ")}: choose a series, a facet or a filter\n`,
    );
  }
  const base = options.output ?? join(sweepDir, `${y}-by-${x}`.replaceAll(/[^\w.-]/g, "_"));
  for (const format of formats) {
    const content = format === "csv" ? figure.data : format === "svg" ? figure.svg : await svgToPng(figure.svg);
    write(`${base}.${format}`, content);
  }
  return EXIT.done;
}

function formatsOf(text: string | undefined): readonly (typeof FORMATS)[number][] {
  if (text === undefined) return FORMATS;
  return text.split(",").map((name) => {
    const format = FORMATS.find((known) => known === name.trim());
    if (format !== undefined) return format;
    throw new SweepError("USAGE", `--format: found '${name}', expected some of ${FORMATS.join(", ")}.`);
  });
}

function filterOf(make: () => (row: number) => boolean): (row: number) => boolean {
  try {
    return make();
  } catch (error) {
    throw new SweepError("USAGE", `--filter: ${(error as Error).message}`, { cause: error });
  }
}

function write(file: string, content: string | Uint8Array): void {
  try {
    writeFileAtomically(file, content);
  } catch (error) {
    throw fileError(`cannot write '${displayPath(file)}'`, error);
  }
  process.stdout.write(`${displayPath(file)}\n`);
}
