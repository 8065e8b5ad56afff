/** Changes of a recorded sweep's plan that the user asks for: jobs that have changed, and jobs that join. */

import type { Expansion } from "../config/index.ts";
import { SweepError } from "../errors.ts";
import type { Workspace } from "../inputs/workspace.ts";
import { RESULT_FORMAT_VERSION } from "../results/format-version.ts";
import { acquireLock } from "../sweep/lock.ts";
import type { PlanEntry, SweepPlan } from "../sweep/plan.ts";
import { canonicalJson } from "../sweep/run-id.ts";
import { readPlan, replacePlan } from "../sweep/sweep-directory.ts";
import { sweptKeysOf } from "../sweep/swept-keys.ts";
import { displayPath } from "./display-path.ts";
import { planJobs, planRecordedJobs } from "./jobs.ts";
import { contextOf } from "./plan-context.ts";
import { requireUnchanged } from "./verify-plan.ts";

/** Gives changed jobs their new ids, so that they run anew. Resolves to how many there are. */
export function adoptChanges(workspace: Workspace, sweepDir: string): number {
  return changePlan(sweepDir, (plan) => {
    const context = contextOf(plan);
    const { jobs, reference } = planRecordedJobs(workspace, context, plan.entries);
    const entries = plan.entries.map((entry, index): PlanEntry => {
      const { runId, labels } = jobs[index];
      return { ...entry, runId, labels };
    });
    const changed = entries.filter(({ runId }, index) => runId !== plan.entries[index].runId).length;
    const next = { ...plan, resultFormatVersion: RESULT_FORMAT_VERSION, context: { ...context, reference }, entries };
    return { plan: next, count: changed };
  });
}

/**
 * Adds the jobs of `expansion` that the sweep does not have: those recorded keep their numbers, the new ones follow in the
 * order of the expansion. Resolves to how many there are.
 */
export function extendSweep(workspace: Workspace, sweepDir: string, expansion: Expansion): number {
  return changePlan(sweepDir, (plan) => {
    const context = contextOf(plan);
    requireUnchanged(workspace, sweepDir, plan, []);
    const recorded = new Set(plan.entries.map(identityOf));
    const added = planJobs(workspace, expansion).jobs.filter((job) => !recorded.has(identityOf(job)));
    const next = (plan.entries.at(-1)?.number ?? -1) + 1;
    const numbered = added.map(({ overrides }, index) => ({ number: next + index, overrides }));
    const { jobs, keepsFiles, reference } = planRecordedJobs(workspace, context, numbered);
    if (plan.rowsPerPack !== undefined && keepsFiles && added.length > 0) throw mixedPacking(sweepDir);
    const entries = [...plan.entries, ...jobs];
    const files = new Map(
      [...context.reference.files, ...reference.files].map((file) => [canonicalJson({ ...file }), file]),
    );
    return {
      plan: {
        ...plan,
        sweptKeys: sweptKeysOf(entries.map(({ overrides }) => overrides)),
        context: { ...context, reference: { ...context.reference, files: [...files.values()] } },
        entries,
      },
      count: added.length,
    };
  });
}

function changePlan(sweepDir: string, change: (plan: SweepPlan) => { plan: SweepPlan; count: number }): number {
  const lock = acquireLock(sweepDir);
  try {
    const { plan, count } = change(readPlan(sweepDir));
    if (count > 0) replacePlan(sweepDir, plan);
    return count;
  } finally {
    lock.release();
  }
}

function identityOf({ runId, labels = {} }: Pick<PlanEntry, "runId" | "labels">): string {
  return `${runId} ${canonicalJson(labels)}`;
}

function mixedPacking(sweepDir: string): SweepError {
  return new SweepError(
    "SWEEP",
    `The runs of the sweep in '${displayPath(sweepDir)}' keep no files, and the added ones would.`,
    { hint: "Give the same results.outputs, or start another sweep." },
  );
}
