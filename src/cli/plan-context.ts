/** What a resume needs besides the plan's entries: how and where the sweep was composed. */
import { statSync } from "node:fs";
import { relative, resolve } from "node:path";
import { SweepError } from "../errors.ts";
import { loadPlugins } from "../inputs/plugins/plugin.ts";
import { type ConfigLocation, openWorkspace, type Workspace, workingDirectory } from "../inputs/workspace.ts";
import type { SweepPlan } from "../sweep/plan.ts";
import { displayPath } from "./display-path.ts";
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

/**
 * The workspace in which the sweep was planned; if its working directory is gone, one in ours. A plugin is code, which a plan that
 * somebody sent must not run: `plugins` are those that the user has named. Errors: SweepError `SWEEP` if these are not the planned ones.
 */
export async function recordedWorkspace(
  sweepDir: string,
  context: PlanContext,
  plugins: readonly string[],
): Promise<Workspace> {
  const cwd = recordedDirectory(sweepDir, context);
  requireSamePlugins(sweepDir, context, plugins);
  return openWorkspace(context, cwd, await loadPlugins(context.plugins ?? [], cwd));
}

/** Errors: SweepError `SWEEP`, with what to name. */
export function requireSamePlugins(sweepDir: string, context: PlanContext, named: readonly string[]): void {
  const recorded = context.plugins ?? [];
  const isSame =
    named.length === recorded.length &&
    namedPlugins(sweepDir, context).every((path, index) => path === resolve(workingDirectory(), named[index]));
  if (isSame) return;
  const textOf = (paths: readonly string[]) => (paths.length === 0 ? "none" : paths.map(displayPath).join(", "));
  const options = namedPlugins(sweepDir, context)
    .map((path) => `--plugin ${displayPath(path)}`)
    .join(" ");
  throw new SweepError(
    "SWEEP",
    `'${displayPath(sweepDir)}' holds a sweep with other plugins: planned with ${textOf(recorded)}, now ${textOf(named)}.`,
    {
      hint:
        recorded.length === 0
          ? "leave --plugin out, or choose another hydra.sweep.dir"
          : `a plugin is code and runs with your rights: if you trust it, add ${options}`,
    },
  );
}

/** Where the sweep's plugins are. */
export function namedPlugins(sweepDir: string, context: PlanContext): string[] {
  const cwd = recordedDirectory(sweepDir, context);
  return (context.plugins ?? []).map((path) => resolve(cwd, path));
}

function recordedDirectory(sweepDir: string, context: PlanContext): string {
  const recorded = resolve(sweepDir, context.cwd);
  const isThere = statSync(recorded, { throwIfNoEntry: false })?.isDirectory() === true;
  return isThere ? recorded : workingDirectory();
}
