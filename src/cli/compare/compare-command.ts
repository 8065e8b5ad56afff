/** `sweep compare A B`: what differs between two sweeps or runs, and whether it is more than chance. */
import { COMPARABLE_METRICS, type Comparison, compareSides, pointName } from "../../analysis/compare/comparison.ts";
import {
  type Condition,
  type ConditionResult,
  checkCondition,
  nearMetrics,
  parseCondition,
} from "../../analysis/compare/condition.ts";
import { SweepError, throwTogether } from "../../errors.ts";
import type { MetricInfo } from "../../results/metric-info.ts";
import { describeOptions, type OptionTable, parseOptions } from "../option-table.ts";
import { EXIT } from "../report-error.ts";
import { terminalWidth } from "../terminal.ts";
import { comparisonCsv, comparisonData } from "./comparison-data.ts";
import { comparisonText } from "./comparison-text.ts";
import { changeText, meanText } from "./figures.ts";
import { inputDifferences } from "./input-differences.ts";
import { readSide } from "./read-side.ts";
import { notComparedLines } from "./unpaired.ts";

const OPTIONS = {
  metrics: { type: "string", value: "LIST", describe: "Show these metrics only: ttft_p99,goodput" },
  "fail-if": {
    type: "string",
    value: "CONDITION",
    multiple: true,
    describe: "Exit status 1 if it holds at any point: 'ttft_p99 > +2%', 'goodput < -0.5', 'tbt_p99 worse'",
  },
  json: { type: "boolean", describe: "Machine-readable output" },
  csv: { type: "boolean", describe: "A row per point and metric as CSV" },
  help: { type: "boolean", short: "h", describe: "Show this help" },
} as const satisfies OptionTable;

const HELP = `Usage: sweep compare [options] A B

A and B are folders of sweeps or of single runs. Runs with equal swept values are paired; the differences B - A are taken
pair by pair, and their mean over seeds gets a 95 % confidence interval. Changes neither.

${describeOptions(OPTIONS)}`;

export async function compareCommand(argv: readonly string[]): Promise<number> {
  const { options, words } = parseOptions(argv, OPTIONS);
  if (options.help) {
    process.stdout.write(HELP);
    return EXIT.done;
  }
  if (words.length !== 2) {
    throw new SweepError("USAGE", `Found ${words.length} folders, expected two.`, {
      hint: "For example: sweep compare results/before results/after --fail-if 'ttft_p99 > +2%'",
    });
  }
  if (options.json && options.csv) throw new SweepError("USAGE", "--json and --csv exclude each other.");
  const { chosen, conditions } = parseChoices(options.metrics, options["fail-if"]);
  const [a, b] = [await readSide(words[0]), await readSide(words[1])];
  const comparison = compareSides(a, b);
  requirePairs(comparison);
  const results = conditions.map((condition) => checkCondition(condition, comparison.points));
  requireAnswers(results);
  const inputs = inputDifferences(a, b, comparison);
  if (options.json) {
    process.stdout.write(
      `${JSON.stringify(comparisonData({ a, b, comparison, inputs, conditions: results, chosen }), null, 1)}\n`,
    );
  } else if (options.csv) {
    process.stdout.write(comparisonCsv(comparison, chosen));
  } else {
    process.stdout.write(comparisonText({ a, b, comparison, inputs, chosen, width: terminalWidth() }));
  }
  for (const result of results) tellResult(result);
  return results.some(({ holds }) => holds.length > 0) ? EXIT.runFailed : EXIT.done;
}

/** All mistakes at once. */
function parseChoices(list: string | undefined, texts: readonly string[]) {
  const errors: SweepError[] = [];
  const chosen = list?.split(",").flatMap((text): MetricInfo[] => {
    const name = text.trim();
    const metric = COMPARABLE_METRICS.find((known) => known.name === name);
    if (metric !== undefined) return [metric];
    errors.push(new SweepError("USAGE", `--metrics: there is no metric '${name}'.`, { hint: nearMetrics(name) }));
    return [];
  });
  const conditions = texts.flatMap((text): Condition[] => {
    try {
      return [parseCondition(text)];
    } catch (error) {
      if (!(error instanceof SweepError)) throw error;
      errors.push(error);
      return [];
    }
  });
  throwTogether(errors);
  return { chosen, conditions };
}

function requirePairs(comparison: Comparison): void {
  if (comparison.points.length > 0) return;
  throw new SweepError("SWEEP", `There is nothing to compare.\n${notComparedLines(comparison).join("\n")}`, {
    hint: "Runs are paired if they have the same values of every key that varies within A or within B.",
  });
}

/** A condition that nothing can answer must not pass as one that does not hold. */
function requireAnswers(results: readonly ConditionResult[]): void {
  throwTogether(
    results
      .filter(({ decided }) => decided === 0)
      .map(({ condition, undecided }) => {
        const { text, metric } = condition;
        return undecided > 0
          ? new SweepError("USAGE", `--fail-if '${text}': one run each cannot tell.`, {
              hint: `Run several seeds, or compare with a number: '${metric.name} > +2%'.`,
            })
          : new SweepError("USAGE", `--fail-if '${text}': no pair of runs has ${metric.name} on both sides.`);
      }),
  );
}

const SHOWN_POINTS = 10;

function tellResult({ condition, holds, undecided, without }: ConditionResult): void {
  const tell = (text: string) => process.stderr.write(`sweep: fail-if ${condition.text}: ${text}\n`);
  for (const { point, comparison } of holds.slice(0, SHOWN_POINTS)) {
    const name = pointName(point.values);
    const { a, b, percent, verdict } = comparison;
    tell(
      `holds${name === "" ? "" : ` at ${name}`}: ${meanText(a)} -> ${meanText(b)} (${changeText(percent)} %, ${verdict})`,
    );
  }
  if (holds.length > SHOWN_POINTS) tell(`holds at ${holds.length - SHOWN_POINTS} more points`);
  if (undecided > 0) tell(`one run each cannot tell at ${undecided} points`);
  if (without > 0) tell(`no values on both sides at ${without} points`);
}
