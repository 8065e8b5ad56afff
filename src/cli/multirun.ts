/** `sweep --multirun` and `sweep --resume`: plans a sweep or finds it recorded, and brings it to its end. */
import { resolve as resolvePath } from "node:path";
import type { Expansion } from "../config/index.ts";
import { SweepError } from "../errors.ts";
import { packageVersion } from "../inputs/package-info.ts";
import type { Workspace } from "../inputs/workspace.ts";
import { RESULT_FORMAT_VERSION } from "../results/format-version.ts";
import { LARGE_SWEEP_RUNS } from "../results/run-files.ts";
import type { LauncherSettings } from "../sweep/launchers/launcher.schema.ts";
import { chosenRowsPerPack, type PackingChoice } from "../sweep/packs/choose-packing.ts";
import { RUNS_TABLE_NAME } from "../sweep/runs-csv.ts";
import { createSweep, holdsSweep, ORIGINS_NAME, readPlan } from "../sweep/sweep-directory.ts";
import { sweptKeysOf } from "../sweep/swept-keys.ts";
import type { CommandLine } from "./arguments.ts";
import { bringToEnd } from "./bring-to-end.ts";
import { adoptChanges, extendSweep } from "./change-plan.ts";
import { displayPath } from "./display-path.ts";
import { originsTable } from "./info/origins.ts";
import { planJobs, sweepDirOf } from "./jobs.ts";
import { launcherFor, launcherSettings } from "./launcher-for.ts";
import {
  contextOf,
  type PlanContext,
  recordedWorkspace,
  relativeWorkingDirectory,
  requireSamePlugins,
} from "./plan-context.ts";

export async function multirun(command: CommandLine, workspace: Workspace): Promise<number> {
  const expansion = workspace.composer.expand(command.overrides);
  const sweepDir = resolvePath(sweepDirOf(expansion));
  const settings = launcherSettings(expansion.master);
  for (const warning of expansion.master.warnings) tell(warning);
  if (holdsSweep(sweepDir)) {
    requireSamePlugins(sweepDir, contextOf(readPlan(sweepDir)), command.plugins);
    if (command.extend) return extend(command, workspace, sweepDir, expansion);
    requireSameJobs(sweepDir, expansion);
    return resume(command, sweepDir, settings);
  }
  if (command.extend) {
    throw new SweepError("SWEEP", `'${displayPath(sweepDir)}' holds no sweep to extend.`, {
      hint: "Name the recorded sweep by hydra.sweep.dir, or leave --extend out.",
    });
  }
  const launcher = launcherFor(command, settings, sweepDir);
  const { plan, specs } = planSweep(command, workspace, expansion, sweepDir);
  const [firstJob] = expansion.jobs;
  const files = new Map([["multirun.yaml", expansion.master.toYaml("all")]]);
  if (firstJob !== undefined) {
    files.set(ORIGINS_NAME, originsTable(workspace.composer.composeJob(expansion, firstJob)));
  }
  createSweep(sweepDir, plan, files);
  return bringToEnd(command, workspace, { sweepDir, context: plan.context, isNew: true, launcher, specs });
}

/** `settings` of a launcher win over the recorded ones. */
export async function resume(command: CommandLine, sweepDir: string, settings?: LauncherSettings): Promise<number> {
  const context = contextOf(readPlan(sweepDir));
  const directory = resolvePath(sweepDir);
  const workspace = await recordedWorkspace(directory, context, command.plugins);
  const recorded = () => launcherSettings(workspace.composer.compose(context.hydraOverrides, { mode: "multirun" }));
  const launcher = launcherFor(command, settings ?? recorded(), directory);
  if (command.forceChanged) {
    const changed = adoptChanges(workspace, directory);
    tell(changed === 0 ? "no job has changed" : `${changed} jobs have changed and run anew`);
  }
  return bringToEnd(command, workspace, {
    sweepDir: directory,
    context: contextOf(readPlan(directory)),
    isNew: false,
    launcher,
  });
}

function extend(command: CommandLine, workspace: Workspace, sweepDir: string, expansion: Expansion): Promise<number> {
  const before = readPlan(sweepDir).entries.length;
  const added = extendSweep(workspace, sweepDir, expansion);
  tell(added === 0 ? `all jobs are among the ${before} recorded` : `${added} jobs join the ${before} recorded`);
  return resume(command, sweepDir);
}

function planSweep(command: CommandLine, workspace: Workspace, expansion: Expansion, sweepDir: string) {
  const { jobs, specs, keepsFiles, reference, notes } = planJobs(workspace, expansion);
  for (const note of notes) tell(note);
  if (jobs.length >= LARGE_SWEEP_RUNS && !keepsFiles) {
    tell(
      `${jobs.length} runs: each keeps its row of ${RUNS_TABLE_NAME} and no files (results.outputs=[summary] keeps some)`,
    );
  }
  const context: PlanContext = {
    configName: command.configName,
    configPath: command.configPath,
    configDir: command.configDir,
    hydraOverrides: expansion.master.hydraOverrides,
    ...(command.plugins.length === 0 ? {} : { plugins: command.plugins }),
    cwd: relativeWorkingDirectory(sweepDir),
    firstRuns: jobs.length,
    reference,
  };
  const packing = (expansion.master.select("results.packing") ?? "auto") as PackingChoice;
  const plan = {
    createdBy: `servesweep ${packageVersion()}`,
    resultFormatVersion: RESULT_FORMAT_VERSION,
    rowsPerPack: chosenRowsPerPack(packing, { runs: jobs.length, keepsFiles }),
    sweptKeys: sweptKeysOf(jobs.map(({ overrides }) => overrides)),
    context,
    entries: jobs,
  };
  return { plan, specs };
}

/** A command whose sweep directory holds a sweep resumes it, if it is the same sweep. */
function requireSameJobs(sweepDir: string, { jobs }: Expansion): void {
  const { entries } = readPlan(sweepDir);
  const textOf = (overrides: readonly string[] | undefined) => overrides?.join(" ") ?? "no such job";
  const length = Math.max(jobs.length, entries.length);
  for (let index = 0; index < length; index++) {
    const [planned, now] = [textOf(entries[index]?.overrides), textOf(jobs[index]?.overrides)];
    if (planned === now) continue;
    throw new SweepError(
      "SWEEP",
      `'${displayPath(sweepDir)}' holds another sweep: it has ${entries.length} jobs, this command ${jobs.length}; job ${index} was planned as '${planned}', and is now '${now}'.`,
      {
        hint: `--extend adds jobs to it, --resume ${displayPath(sweepDir)} goes on with it; or choose another hydra.sweep.dir`,
      },
    );
  }
}

function tell(note: string): void {
  process.stderr.write(`sweep: ${note}\n`);
}
