/** `sweep analyse splitwise DIR...`: what the finished runs of sweeps answer. Changes no sweep. */
import { capacities, optima, throughputs } from "../analysis/splitwise.ts";
import { capacityTable, optimaTable, ratesTable, throughputTable } from "../analysis/splitwise-report.ts";
import { type StudyRun, studyRun } from "../analysis/study-run.ts";
import { SweepError } from "../errors.ts";
import { inspectSweep, sweepRows } from "../sweep/inspect-sweep.ts";
import { describeOptions, type OptionTable, parseOptions } from "./option-table.ts";
import { writeOutput } from "./output-file.ts";
import { EXIT } from "./report-error.ts";
import { terminalWidth } from "./terminal.ts";

const OPTIONS = {
  json: { type: "boolean", describe: "Machine-readable output, with every run" },
  out: { type: "string", value: "FILE", describe: "Write to this file instead of stdout" },
  help: { type: "boolean", short: "h", describe: "Show this help" },
} as const satisfies OptionTable;

const HELP = `Usage: sweep analyse splitwise [options] DIR...

Which system of the studies in experiments/splitwise keeps the service level objectives up to which rate, and which of
its clusters does so at the least cost, power and number of servers. DIR are folders of sweeps, analysed together.

${describeOptions(OPTIONS)}`;

export async function analyseCommand(argv: readonly string[]): Promise<number> {
  const { options, words } = parseOptions(argv, OPTIONS);
  if (options.help) {
    process.stdout.write(HELP);
    return EXIT.done;
  }
  const [analysis, ...folders] = words;
  if (analysis !== "splitwise" || folders.length === 0) {
    throw new SweepError(
      "USAGE",
      analysis === "splitwise" ? "No sweep is named." : "Which analysis? Known: splitwise.",
      {
        hint: "For example: sweep analyse splitwise results/sweeps/2026-01-31_12-00-00",
      },
    );
  }
  const { runs, missing } = await readRuns(folders);
  const results = { capacities: capacities(runs), optima: optima(runs), throughputs: throughputs(runs) };
  const text = options.json
    ? JSON.stringify({ runs: runs.length, missing, ...results, points: runs }, null, 1)
    : [summary(runs.length, missing), ...tables(results, options.out === undefined ? terminalWidth() : undefined)].join(
        "\n",
      );
  if (options.out === undefined) process.stdout.write(`${text}\n`);
  else writeOutput(options.out, `${text}\n`);
  return EXIT.done;
}

async function readRuns(folders: readonly string[]): Promise<{ runs: StudyRun[]; missing: number }> {
  const runs: StudyRun[] = [];
  let missing = 0;
  for (const folder of new Set(folders)) {
    const rows = sweepRows(await inspectSweep(folder));
    const done = rows.filter(({ status }) => status === "done");
    missing += rows.length - done.length;
    const studied = done.map((row) => studyRun(row)).filter((run) => run !== undefined);
    if (studied.length < done.length) {
      throw new SweepError("SWEEP", `${folder}: ${done.length - studied.length} runs are of no Splitwise study.`, {
        hint: "A study has slo=splitwise and the labels system, family and rate; see experiments/splitwise.",
      });
    }
    runs.push(...studied);
  }
  return { runs, missing };
}

interface Results {
  readonly capacities: ReturnType<typeof capacities>;
  readonly optima: ReturnType<typeof optima>;
  readonly throughputs: ReturnType<typeof throughputs>;
}

function summary(runs: number, missing: number): string {
  return `${runs} runs${missing === 0 ? "" : `; ${missing} runs are missing (sweep --resume DIR)`}`;
}

function tables({ capacities, optima, throughputs }: Results, width: number | undefined): string[] {
  const section = (title: string, isEmpty: boolean, lines: () => string[]) => (isEmpty ? [] : ["", title, ...lines()]);
  return [
    ...section("Highest rate within the SLOs, and the cluster that reaches it", capacities.length === 0, () =>
      capacityTable(capacities, width),
    ),
    ...section("Clusters within the SLOs, by rate", capacities.length === 0, () => ratesTable(capacities, width)),
    ...section("Least clusters within the SLOs", optima.length === 0, () => optimaTable(optima, width)),
    ...section("Requests completed, within the SLOs or not", throughputs.length === 0, () =>
      throughputTable(throughputs, width),
    ),
  ];
}
