/** `sweep goodput`: the highest request rate at which each of several configurations keeps its objectives. */
import { highestRate } from "../analysis/goodput/highest-rate.ts";
import { keepsTargets, parseTarget, type Target } from "../analysis/goodput/target.ts";
import { SweepError } from "../errors.ts";
import { withOrigins } from "../inputs/locate-error.ts";
import { openWorkspace, type Workspace } from "../inputs/workspace.ts";
import { runMetricsOf } from "../run-one.ts";
import { overrideValues, shortTitles, sweptKeysOf } from "../sweep/swept-keys.ts";
import { formatTextTable } from "../sweep/text-table.ts";
import { planJobs, prepareChecked } from "./jobs.ts";
import { describeOptions, type OptionTable, parseOptions } from "./option-table.ts";
import { EXIT } from "./report-error.ts";
import { terminalWidth } from "./terminal.ts";

const OPTIONS = {
  targets: { type: "string", value: "LIST", describe: "Objectives (default: ttft_p90<0.2,tbt_p90<0.1)" },
  max: { type: "string", value: "RATE", describe: "Highest rate per processor that is tried (default: 5)" },
  epsilon: {
    type: "string",
    value: "RATE",
    describe: "Rate per processor to which the answer is known (default: 0.25)",
  },
  json: { type: "boolean", describe: "Machine-readable output" },
  "config-name": { type: "string", short: "cn", value: "NAME", describe: "Primary config" },
  "config-path": { type: "string", short: "cp", value: "DIR", describe: "Primary config folder" },
  "config-dir": { type: "string", short: "cd", value: "DIR", describe: "Further config folder" },
  help: { type: "boolean", short: "h", describe: "Show this help" },
} as const satisfies OptionTable;

const HELP = `Usage: sweep goodput [options] [overrides...]

For every configuration of a sweep: the highest rate of requests per second and processor at which all objectives are kept
and no request is left unfinished, by bisection over trace.rate (DistServe's goodput). The configuration with the highest
rate per processor is marked; of equals, the one with fewest processors.

${describeOptions(OPTIONS)}`;

export interface Goodput {
  readonly overrides: readonly string[];
  readonly processors: number;
  /** Requests/s per processor; 0 if no rate that was tried keeps the objectives. */
  readonly ratePerProcessor: number;
}

export function goodputCommand(argv: readonly string[]): number {
  const { options, words } = parseOptions(argv, OPTIONS);
  if (options.help) {
    process.stdout.write(HELP);
    return EXIT.done;
  }
  const targets = (options.targets ?? "ttft_p90<0.2,tbt_p90<0.1").split(",").map(parseTarget);
  const search = { maximum: positive("max", options.max, 5), epsilon: positive("epsilon", options.epsilon, 0.25) };
  const workspace = openWorkspace({
    configName: options["config-name"],
    configPath: options["config-path"],
    configDir: options["config-dir"],
  });
  // One valid rate for all, so that mistakes are found before the first search.
  const { jobs, notes } = planJobs(workspace, workspace.composer.expand([...words, `trace.rate=${search.maximum}`]));
  for (const note of notes) process.stderr.write(`sweep: ${note}\n`);
  const results = jobs.map(({ overrides }): Goodput => goodputOf(workspace, overrides, targets, search));
  process.stdout.write(options.json ? `${JSON.stringify(results)}\n` : table(results));
  return EXIT.done;
}

function goodputOf(
  workspace: Workspace,
  overrides: readonly string[],
  targets: readonly Target[],
  search: { readonly maximum: number; readonly epsilon: number },
): Goodput {
  const others = overrides.filter((override) => !override.startsWith("trace.rate="));
  const at = (rate: number) => workspace.composer.compose([...others, `trace.rate=${rate}`], { mode: "run" });
  const processors = processorsOf(workspace, at(search.maximum));
  const ratePerProcessor = highestRate(search, (rate) => {
    const composition = at(rate * processors);
    const { inputs } = prepareChecked(workspace, composition);
    const metrics = withOrigins(composition, () => runMetricsOf(inputs));
    return metrics.unfinished === 0 && keepsTargets(metrics, targets);
  });
  return { overrides: others, processors, ratePerProcessor };
}

function processorsOf(workspace: Workspace, composition: ReturnType<Workspace["composer"]["compose"]>): number {
  const { inputs } = prepareChecked(workspace, composition);
  return inputs.config.cluster.servers.reduce((sum, { sku, count }) => {
    const processors = inputs.skus.get(sku)?.processors ?? [];
    return sum + count * processors.reduce((inServer, processor) => inServer + processor.count, 0);
  }, 0);
}

function positive(name: string, text: string | undefined, fallback: number): number {
  if (text === undefined) return fallback;
  const value = Number(text);
  if (text.trim() !== "" && value > 0 && Number.isFinite(value)) return value;
  throw new SweepError("USAGE", `--${name}: found '${text}', expected a number above 0.`);
}

function table(results: readonly Goodput[]): string {
  const keys = sweptKeysOf(results.map(({ overrides }) => overrides));
  const best = results.reduce<Goodput | undefined>((chosen, one) => {
    if (one.ratePerProcessor === 0 || chosen === undefined) return one.ratePerProcessor === 0 ? chosen : one;
    const isBetter =
      one.ratePerProcessor > chosen.ratePerProcessor ||
      (one.ratePerProcessor === chosen.ratePerProcessor && one.processors < chosen.processors);
    return isBetter ? one : chosen;
  }, undefined);
  const right = (title: string, group = "") => ({ group, title, align: "right" as const });
  const columns = [
    ...shortTitles(keys).map((title) => ({ group: "", title, align: "left" as const })),
    right("processors"),
    right("per processor", "requests/s"),
    right("in all", "requests/s"),
    { group: "", title: "", align: "left" as const },
  ];
  const rows = results.map((result) => {
    const values = overrideValues(result.overrides);
    return [
      ...keys.map((key) => values.get(key) ?? ""),
      String(result.processors),
      String(result.ratePerProcessor),
      String(result.ratePerProcessor * result.processors),
      result === best ? "best" : "",
    ];
  });
  return `${formatTextTable(columns, rows, terminalWidth())
    .map((line) => line.trimEnd())
    .join("\n")}\n`;
}
