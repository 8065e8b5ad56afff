/** `sweep latency`: how long requests take on one instance, without a simulation. */
import { estimateLatency, type LatencyEstimate } from "../../estimate-latency.ts";
import { openWorkspace, type Workspace } from "../../inputs/workspace.ts";
import { describeOptions, type OptionTable, parseOptions } from "../option-table.ts";
import { ANSWERING_OPTIONS, OPTIONS as COMMAND_OPTIONS } from "../options.ts";
import { EXIT } from "../report-error.ts";
import { CONFIG_OPTIONS } from "../trace/options.ts";
import { estimateData } from "./estimate-data.ts";
import { estimateText } from "./estimate-text.ts";
import { jobsTable } from "./jobs-table.ts";
import { operatorLines } from "./operator-tables.ts";
import { withRemedies } from "./remedies.ts";

const OPTIONS = {
  multirun: COMMAND_OPTIONS.multirun,
  operators: { type: "boolean", describe: "List the operators of both passes (roofline)" },
  ...CONFIG_OPTIONS,
  json: COMMAND_OPTIONS.json,
  help: ANSWERING_OPTIONS.help,
} as const satisfies OptionTable;

const HELP = `Usage: sweep latency [options] [overrides...]

How long requests take that are alone on an instance: prefill, output tokens and all, by each performance model that
knows the model and the hardware, with the memory that they need. No simulation. The configuration is conf/latency.yaml.

  sweep latency model=llama2-70b hardware=h100-80gb prompt=1024 output=256 batch=8 tensor_parallelism=8
  sweep latency -m prompt=range(512,8193,512) batch=1,8
  sweep latency model.architecture.num_kv_heads=64 compare=[roofline]

${describeOptions(OPTIONS)}`;

export function latencyCommand(argv: readonly string[]): number {
  const { options, words } = parseOptions(argv, OPTIONS);
  if (options.help) {
    process.stdout.write(HELP);
    return EXIT.done;
  }
  const workspace = openWorkspace({
    configName: options["config-name"] ?? "latency",
    configPath: options["config-path"],
    configDir: options["config-dir"],
  });
  const run = options.multirun ? sweepJobs : single;
  return withRemedies(() => run(workspace, words, options));
}

interface Shown {
  readonly json: boolean;
  readonly operators: boolean;
}

function single({ composer, resolver }: Workspace, overrides: readonly string[], { json, operators }: Shown): number {
  const composition = composer.compose(overrides, { mode: "run" });
  const estimate = estimateLatency(composition, resolver);
  tell([...composition.warnings, ...estimate.notes]);
  const work = operators ? estimate.estimates.flatMap(operatorLines).map((line) => `${line}\n`) : [];
  process.stdout.write(
    json ? `${JSON.stringify(estimateData(estimate, operators))}\n` : [estimateText(estimate), ...work].join(""),
  );
  return statusOf([estimate]);
}

/** All jobs are composed and valid before the first line is printed. */
function sweepJobs(
  { composer, resolver }: Workspace,
  overrides: readonly string[],
  { json, operators }: Shown,
): number {
  const expansion = composer.expand(overrides);
  const jobs = expansion.jobs.map((job) => ({
    overrides: job.overrides,
    estimate: estimateLatency(composer.composeJob(expansion, job), resolver),
  }));
  const estimates = jobs.map(({ estimate }) => estimate);
  tell([...expansion.master.warnings, ...estimates.flatMap(({ notes }) => notes)]);
  const lines = json
    ? jobs.map((job) => JSON.stringify({ overrides: job.overrides, ...estimateData(job.estimate, operators) }))
    : jobsTable(jobs);
  process.stdout.write(lines.map((line) => `${line}\n`).join(""));
  return statusOf(estimates);
}

function tell(notes: readonly string[]): void {
  for (const note of new Set(notes)) process.stderr.write(`sweep: ${note}\n`);
}

/** It is a mistake of the user's to ask what no performance model can tell. */
function statusOf(estimates: readonly LatencyEstimate[]): number {
  const isAnswered = ({ estimates }: LatencyEstimate) => estimates.some(({ latency }) => latency !== undefined);
  return estimates.every(isAnswered) ? EXIT.done : EXIT.badInput;
}
