/** Whether the runs of a recorded sweep would still be what was planned. */
import { SweepError } from "../errors.ts";
import type { PreparedRun } from "../inputs/prepare-run.ts";
import type { Workspace } from "../inputs/workspace.ts";
import { RESULT_FORMAT_VERSION } from "../results/format-version.ts";
import type { PlanEntry, SweepPlan } from "../sweep/plan.ts";
import { displayPath } from "./display-path.ts";
import { recomposeJob } from "./jobs.ts";
import { contextOf } from "./plan-context.ts";
import { differences, type PlanReference } from "./plan-reference.ts";

const SHOWN_DIFFERENCES = 12;

/**
 * Composes the first run and the `missing` ones again and looks at every input file that the plan names.
 * Throws a `SWEEP` error that says what differs.
 */
export function requireUnchanged(
  workspace: Workspace,
  sweepDir: string,
  plan: SweepPlan,
  missing: readonly PlanEntry[],
): void {
  const { hydraOverrides, reference } = contextOf(plan);
  const found = new Set<string>();
  if (plan.resultFormatVersion !== RESULT_FORMAT_VERSION) {
    found.add(`the format of results: planned version ${plan.resultFormatVersion}, now ${RESULT_FORMAT_VERSION}`);
  }
  for (const difference of changedFiles(workspace, reference)) found.add(difference);
  const unexplained: string[] = [];
  let changed = 0;
  const [first] = plan.entries;
  for (const entry of new Set([first, ...missing])) {
    const change = entry === undefined ? undefined : changeOf(workspace, hydraOverrides, entry);
    if (change === undefined) continue;
    changed++;
    const run = `run ${entry.number} (${entry.overrides.join(" ")})`;
    if (change instanceof SweepError) found.add(`${run}: ${change.message}`);
    else {
      const explained = differences(reference, change, entry === first);
      for (const difference of explained) found.add(difference);
      if (explained.length === 0) {
        unexplained.push(`${run}: planned as ${entry.runId}, its configuration now gives ${change.runId}`);
      }
    }
  }
  // What all runs share shows in the first one; the others are worth a line only if it does not.
  if (found.size === 0) for (const difference of unexplained) found.add(difference);
  if (found.size === 0) return;
  const shown = [...found].slice(0, SHOWN_DIFFERENCES).map((difference) => `\n  ${difference}`);
  if (found.size > SHOWN_DIFFERENCES) shown.push(`\n  ... and ${found.size - SHOWN_DIFFERENCES} other differences`);
  const runs = changed === 0 ? "" : `; ${changed} runs or more are concerned`;
  throw new SweepError(
    "SWEEP",
    `The sweep in '${displayPath(sweepDir)}' is not what was planned any more${runs}:${shown.join("")}`,
    { hint: "Restore what has changed, run just the changed jobs anew by --force-changed, or start another sweep." },
  );
}

/** The run as it is now, or why there is none, if it is not what was planned. */
function changeOf(
  workspace: Workspace,
  hydraOverrides: readonly string[],
  entry: PlanEntry,
): PreparedRun | SweepError | undefined {
  try {
    const now = recomposeJob(workspace, hydraOverrides, entry);
    return now.runId === entry.runId ? undefined : now;
  } catch (error) {
    if (!(error instanceof SweepError) || error.code === "INTERNAL") throw error;
    return error;
  }
}

/** Files that several runs share are looked at once. */
function changedFiles({ resolver }: Workspace, { files }: PlanReference): string[] {
  return files.flatMap(({ role, path, sha256 }) => {
    if (path === undefined) return [];
    const found = resolver.find(path, "file", role);
    if (found === undefined) return [`${role} '${path}': the file is missing`];
    return resolver.fingerprint(found.absolutePath) === sha256 ? [] : [`${role} '${path}': the file has changed`];
  });
}
