/** `sweep analyse splitwise DIR...`: what the finished runs of sweeps answer. Reads only. */
import { capacities, optima, type StudyRun, studyRun } from "../analysis/splitwise.ts";
import { capacityTable, optimaTable } from "../analysis/splitwise-report.ts";
import { SweepError } from "../errors.ts";
import { inspectSweep, sweepRows } from "../sweep/inspect-sweep.ts";
import { describeOptions, type OptionTable, parseOptions } from "./option-table.ts";
import { EXIT } from "./report-error.ts";

const OPTIONS = {
  json: { type: "boolean", describe: "Machine-readable output" },
  help: { type: "boolean", short: "h", describe: "Show this help" },
} as const satisfies OptionTable;

const HELP = `Usage: sweep analyse splitwise DIR...

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
  const results = { runs: runs.length, missing, capacities: capacities(runs), optima: optima(runs) };
  if (options.json) process.stdout.write(`${JSON.stringify(results, null, 1)}\n`);
  else process.stdout.write(`${tables(results).join("\n")}\n`);
  return EXIT.done;
}

async function readRuns(folders: readonly string[]): Promise<{ runs: StudyRun[]; missing: number }> {
  const runs: StudyRun[] = [];
  let missing = 0;
  for (const folder of folders) {
    const rows = sweepRows(await inspectSweep(folder));
    const done = rows.filter(({ status }) => status === "done");
    missing += rows.length - done.length;
    const studied = done.map(studyRun).filter((run) => run !== undefined);
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
  readonly runs: number;
  readonly missing: number;
  readonly capacities: ReturnType<typeof capacities>;
  readonly optima: ReturnType<typeof optima>;
}

function tables({ runs, missing, capacities, optima }: Results): string[] {
  const unfinished = missing === 0 ? "" : `; ${missing} runs are missing (sweep --resume DIR)`;
  return [
    `${runs} runs${unfinished}`,
    "",
    "Highest rate within the SLOs, and the cluster that reaches it",
    ...capacityTable(capacities),
    ...(optima.length === 0 ? [] : ["", "Least clusters within the SLOs", ...optimaTable(optima)]),
  ];
}
