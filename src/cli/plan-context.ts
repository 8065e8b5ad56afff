/** What a resume needs besides the plan's entries: how and where the sweep was composed. */
import { statSync } from "node:fs";
import { relative, resolve } from "node:path";
import { loadPlugins } from "../inputs/plugins/plugin.ts";
import { type ConfigLocation, openWorkspace, type Workspace, workingDirectory } from "../inputs/workspace.ts";
import type { SweepPlan } from "../sweep/plan.ts";
import type { PlanReference } from "./plan-reference.ts";

export interface PlanContext extends ConfigLocation {
  readonly hydraOverrides: readonly string[];
  readonly plugins?: readonly string[];
  /** The working directory, relative to the sweep's: a project that is moved as a whole goes on. */
  readonly cwd: string;
  /** Runs that the sweep began with, on which `results.outputs=[auto]` depends. */
  readonly firstRuns: number;
  readonly reference: PlanReference;
}

export function contextOf(plan: SweepPlan): PlanContext {
  return plan.context as PlanContext;
}

export function relativeWorkingDirectory(sweepDir: string): string {
  return relative(resolve(sweepDir), workingDirectory());
}

/** The workspace in which the sweep was planned; if its working directory is gone, one in ours. */
export async function recordedWorkspace(sweepDir: string, context: PlanContext): Promise<Workspace> {
  const recorded = resolve(sweepDir, context.cwd);
  const isThere = statSync(recorded, { throwIfNoEntry: false })?.isDirectory() === true;
  const cwd = isThere ? recorded : workingDirectory();
  return openWorkspace(context, cwd, await loadPlugins(context.plugins ?? [], cwd));
}
