/** The jobs of a command: composed, validated and identified, all mistakes found before the first one runs. */
import type { Composition, SweepJob } from "../config/index.ts";
import { SweepError } from "../errors.ts";
import { withOrigins } from "../inputs/locate-error.ts";
import { type PreparedRun, prepareRun } from "../inputs/prepare-run.ts";
import { defaultSweepDir } from "../inputs/splitwise-config.ts";
import type { Workspace } from "../inputs/workspace.ts";
import { checkRun } from "../run-one.ts";
import type { Labels } from "../sweep/plan.ts";
import { formatError } from "./report-error.ts";

/** What a plan keeps of a job; its composition is made again when it starts, so that plans of many jobs stay small. */
export interface PlannedJob {
  readonly number: number;
  readonly overrides: readonly string[];
  readonly runId: string;
  /** Relative to the sweep's directory. */
  readonly subdir: string;
  readonly labels: Labels;
}

export interface JobList {
  readonly master: Composition;
  readonly sweepDir: string;
  readonly jobs: readonly PlannedJob[];
  /** What the user should know, once each. */
  readonly notes: ReadonlySet<string>;
}

/** Mistakes shown of a sweep's jobs; the others are usually the same. */
const SHOWN_MISTAKES = 5;

/** Errors: one error that names every distinct mistake, and the first job that makes it. */
export function planJobs(workspace: Workspace, overrides: readonly string[]): JobList {
  const expansion = workspace.composer.expand(overrides);
  const mistakes = new Map<string, { readonly error: SweepError; readonly number: number }>();
  const jobs: PlannedJob[] = [];
  const notes = new Set<string>();
  for (const job of expansion.jobs) {
    try {
      const composition = workspace.composer.composeJob(expansion, job);
      const prepared = prepareChecked(workspace, composition);
      const subdir = String(composition.hydraResolved("sweep.subdir"));
      const { labels = {} } = prepared.inputs.config;
      jobs.push({ number: job.number, overrides: job.overrides, runId: prepared.runId, subdir, labels });
      for (const note of prepared.notes) notes.add(note);
    } catch (error) {
      if (!(error instanceof SweepError) || error.code === "INTERNAL") throw error;
      if (!mistakes.has(error.message)) mistakes.set(error.message, { error, number: job.number });
    }
  }
  if (mistakes.size > 0) throw allMistakes([...mistakes.values()], expansion.jobs);
  const sweepDir = String(expansion.master.hydraResolved("sweep.dir") ?? "");
  return { master: expansion.master, sweepDir: sweepDir === "" ? defaultSweepDir() : sweepDir, jobs, notes };
}

/** Composes one job of a recorded sweep again. */
export function recomposeJob(workspace: Workspace, hydraOverrides: readonly string[], job: SweepJob): PreparedRun {
  const context = { jobNumber: job.number, jobId: String(job.number) };
  return prepareChecked(workspace, workspace.composer.compose([...hydraOverrides, ...job.overrides], context));
}

/** Prepares a run and finds what would fail before its first event. */
export function prepareChecked({ resolver }: Workspace, composition: Composition): PreparedRun {
  const prepared = prepareRun(composition, resolver);
  withOrigins(composition, () => checkRun(prepared.inputs));
  return prepared;
}

function allMistakes(
  mistakes: readonly { readonly error: SweepError; readonly number: number }[],
  jobs: readonly SweepJob[],
): SweepError {
  if (jobs.length === 1) return mistakes[0].error;
  const shown = mistakes.slice(0, SHOWN_MISTAKES).map(({ error, number }) => {
    const overrides = jobs.find((job) => job.number === number)?.overrides.join(" ") ?? "";
    return `\n  job ${number} (${overrides}):\n${formatError(error).replaceAll(/^/gm, "    ")}`;
  });
  const rest = mistakes.length > SHOWN_MISTAKES ? `\n  ... and ${mistakes.length - SHOWN_MISTAKES} other mistakes` : "";
  return new SweepError("CONFIG", `Jobs of the sweep are not valid; none was started.${shown.join("")}${rest}`);
}
