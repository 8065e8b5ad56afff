/** `sweep --multirun` and `sweep --resume`: plans a sweep, brings it to its end, and shows what came out. */
import { join, resolve as resolvePath } from "node:path";
import type { Composition } from "../config/index.ts";
import { SweepError } from "../errors.ts";
import { packageVersion } from "../inputs/package-info.ts";
import { type PreparedRun, runSpecOf } from "../inputs/prepare-run.ts";
import { type ConfigLocation, openWorkspace, type Workspace } from "../inputs/workspace.ts";
import { AUTO_OUTPUTS, LARGE_SWEEP_RUNS } from "../results/run-files.ts";
import { runOne } from "../run-one.ts";
import { inlineLauncher } from "../sweep/launchers/inline.ts";
import type { Launcher } from "../sweep/launchers/launcher.ts";
import { threadsLauncher } from "../sweep/launchers/threads.ts";
import type { PlanEntry } from "../sweep/plan.ts";
import { createProgress } from "../sweep/progress.ts";
import { runSweep, type SweepOutcome } from "../sweep/run-sweep.ts";
import { RUNS_TABLE_NAME } from "../sweep/runs-csv.ts";
import { createSweep, ORIGINS_NAME, readPlan } from "../sweep/sweep-directory.ts";
import { formatSweepTable } from "../sweep/sweep-table.ts";
import { sweptKeysOf } from "../sweep/swept-keys.ts";
import type { CommandLine } from "./arguments.ts";
import { displayPath } from "./display-path.ts";
import { originsTable } from "./info/origins.ts";
import { planJobs, recomposeJob } from "./jobs.ts";
import { EXIT, exitStatusOf, formatPosition } from "./report-error.ts";

/** What a resume needs besides the plan's entries: how the sweep was composed. */
interface PlanContext extends ConfigLocation {
  readonly hydraOverrides: readonly string[];
  readonly launcher: string;
}

export async function multirun(command: CommandLine, workspace: Workspace): Promise<number> {
  const { master, sweepDir: configuredDir, jobs, notes } = planJobs(workspace, command.overrides);
  const sweepDir = resolvePath(configuredDir);
  const context: PlanContext = {
    configName: command.configName,
    configPath: command.configPath,
    configDir: command.configDir,
    hydraOverrides: master.hydraOverrides,
    launcher: String(master.facts.hydraChoices.get("hydra/launcher")),
  };
  for (const note of [...master.warnings, ...notes]) process.stderr.write(`sweep: ${note}\n`);
  if (jobs.length >= LARGE_SWEEP_RUNS && keepsAutomatically(master)) {
    process.stderr.write(
      `sweep: ${jobs.length} runs: each keeps its row of ${RUNS_TABLE_NAME} and no files (results.outputs=[summary] keeps some)\n`,
    );
  }
  createSweep(
    sweepDir,
    {
      createdBy: `servesweep ${packageVersion()}`,
      sweptKeys: sweptKeysOf(jobs.map(({ overrides }) => overrides)),
      context,
      entries: jobs,
    },
    new Map([
      ["multirun.yaml", master.toYaml("all")],
      [ORIGINS_NAME, jobs.length === 0 ? "" : originsTable(plannedRun(workspace, context, jobs[0]).composition)],
    ]),
  );
  return bringToEnd(command, workspace, { sweepDir, context, runs: jobs.length });
}

function keepsAutomatically(master: Composition): boolean {
  const outputs = master.select("results.outputs");
  return Array.isArray(outputs) && outputs.includes(AUTO_OUTPUTS);
}

export async function resume(command: CommandLine, sweepDir: string): Promise<number> {
  const plan = readPlan(sweepDir);
  const context = plan.context as PlanContext;
  const planned = { sweepDir: resolvePath(sweepDir), context, runs: plan.entries.length };
  return bringToEnd(command, openWorkspace(context), planned);
}

interface PlannedSweep {
  readonly sweepDir: string;
  readonly context: PlanContext;
  readonly runs: number;
}

async function bringToEnd(
  command: CommandLine,
  workspace: Workspace,
  { sweepDir, context, runs }: PlannedSweep,
): Promise<number> {
  const stop = new AbortController();
  const onInterrupt = () => {
    if (stop.signal.aborted) process.exit(EXIT.interrupted);
    process.stderr.write("\nsweep: interrupted; finishing the runs in flight (interrupt again to stop at once)\n");
    stop.abort();
  };
  process.on("SIGINT", onInterrupt).on("SIGTERM", onInterrupt);
  try {
    const outcome = await runSweep({
      sweepDir,
      launcher: launcherFor(command, context.launcher),
      specOf: (entry) => runSpecOf(plannedRun(workspace, context, entry), runs),
      failurePolicy: command.failFast ? "fail-fast" : "keep-going",
      retries: command.retries,
      progress: command.quiet ? undefined : createProgress({ stream: process.stderr, bar: wantsBar() }),
      signal: stop.signal,
    });
    report(command, sweepDir, outcome);
    return stop.signal.aborted ? EXIT.interrupted : exitStatus(outcome);
  } finally {
    process.off("SIGINT", onInterrupt).off("SIGTERM", onInterrupt);
  }
}

function wantsBar(): boolean {
  return process.stderr.isTTY === true && process.env.CI === undefined;
}

function launcherFor({ workers, timeoutSeconds }: CommandLine, name: string): Launcher {
  if (name === "inline") return inlineLauncher(runOne);
  // Worker threads load built files only; from the sources (in tests) the build beside them serves.
  const workerUrl = new URL(
    import.meta.url.endsWith(".ts") ? "../../dist/cli/worker.js" : "./worker.js",
    import.meta.url,
  );
  return threadsLauncher({ workerUrl, threads: workers, timeoutSeconds });
}

/** The run must be the one that was planned: its files and configs may have changed since. */
function plannedRun(workspace: Workspace, { hydraOverrides }: PlanContext, entry: PlanEntry): PreparedRun {
  const job = recomposeJob(workspace, hydraOverrides, entry);
  if (job.runId === entry.runId) return job;
  throw new SweepError(
    "SWEEP",
    `Run ${entry.number} was planned as ${entry.runId}, and its configuration or input files now give ${job.runId}.`,
    { hint: "Restore the configuration and the input files of the sweep, or start another sweep." },
  );
}

function report(command: CommandLine, sweepDir: string, outcome: SweepOutcome): void {
  const { rows, sweptKeys, failed, pending, skipped } = outcome;
  const runsCsvPath = displayPath(join(sweepDir, RUNS_TABLE_NAME));
  if (command.json) {
    process.stdout.write(`${JSON.stringify({ sweepDir, done: outcome.done, skipped, pending, failed, rows })}\n`);
  } else {
    process.stdout.write(formatSweepTable(rows, { sweptKeys, runsCsvPath }));
    process.stdout.write(`\nSweep:   ${displayPath(sweepDir)}\nTable:   ${runsCsvPath}\n`);
  }
  for (const { metrics, entry } of rows) {
    if ((metrics.unfinished ?? 0) > 0) {
      process.stderr.write(`sweep: run ${entry.number} left ${metrics.unfinished} requests unfinished\n`);
    }
  }
  for (const { entry, error } of failed) {
    const hint = error.hint === undefined ? "" : `\n  hint: ${error.hint}`;
    const cause = `${formatPosition(error.position ?? {})}${error.message}${hint}`;
    process.stderr.write(`sweep: run ${entry.number} (${entry.overrides.join(" ")}) failed: ${cause}\n`);
  }
  if (pending + failed.length > 0) {
    process.stderr.write(
      `sweep: ${failed.length} runs failed and ${pending} did not start; go on with: sweep --resume ${displayPath(sweepDir)}\n`,
    );
  }
}

/** A run that fails while simulating outweighs one whose input is wrong; a bug outweighs both. */
function exitStatus({ failed }: SweepOutcome): number {
  const statuses = failed.map(({ error }) => exitStatusOf(error.code));
  if (statuses.includes(EXIT.bug)) return EXIT.bug;
  if (statuses.includes(EXIT.runFailed)) return EXIT.runFailed;
  return statuses.length > 0 ? EXIT.badInput : EXIT.done;
}
