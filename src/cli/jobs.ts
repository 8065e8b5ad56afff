/** The jobs of a command: composed, validated and identified, all mistakes found before the first one runs. */
import type { Composition, SweepJob } from "../config/index.ts";
import { SweepError } from "../errors.ts";
import { withOrigins } from "../inputs/locate-error.ts";
import { type PreparedRun, prepareRun } from "../inputs/prepare-run.ts";
import { defaultSweepDir } from "../inputs/splitwise-config.ts";
import type { Workspace } from "../inputs/workspace.ts";
import { checkRun } from "../run-one.ts";
import { formatError } from "./report-error.ts";

export interface Job extends PreparedRun {
  readonly number: number;
  readonly overrides: readonly string[];
  /** Relative to the sweep's directory. */
  readonly subdir: string;
}

export interface JobList {
  readonly master: Composition;
  readonly sweepDir: string;
  readonly jobs: readonly Job[];
}

/** Mistakes shown of a sweep's jobs; the others are usually the same. */
const SHOWN_MISTAKES = 5;

/** Errors: one error that names every distinct mistake, and the first job that makes it. */
export function planJobs(workspace: Workspace, overrides: readonly string[]): JobList {
  const expansion = workspace.composer.expand(overrides);
  const mistakes = new Map<string, { readonly error: SweepError; readonly number: number }>();
  const jobs: Job[] = [];
  for (const job of expansion.jobs) {
    try {
      jobs.push(prepareJob(workspace, workspace.composer.composeJob(expansion, job), job));
    } catch (error) {
      if (!(error instanceof SweepError) || error.code === "INTERNAL") throw error;
      if (!mistakes.has(error.message)) mistakes.set(error.message, { error, number: job.number });
    }
  }
  if (mistakes.size > 0) throw allMistakes([...mistakes.values()], expansion.jobs);
  const sweepDir = String(expansion.master.hydraResolved("sweep.dir") ?? "");
  return { master: expansion.master, sweepDir: sweepDir === "" ? defaultSweepDir() : sweepDir, jobs };
}

/** Composes one job of a recorded sweep again. */
export function recomposeJob(workspace: Workspace, hydraOverrides: readonly string[], job: SweepJob): Job {
  const context = { jobNumber: job.number, jobId: String(job.number) };
  return prepareJob(workspace, workspace.composer.compose([...hydraOverrides, ...job.overrides], context), job);
}

/** Prepares a run and finds what would fail before its first event. */
export function prepareChecked({ resolver }: Workspace, composition: Composition): PreparedRun {
  const prepared = prepareRun(composition, resolver);
  withOrigins(composition, () => checkRun(prepared.inputs));
  return prepared;
}

function prepareJob(workspace: Workspace, composition: Composition, { number, overrides }: SweepJob): Job {
  const prepared = prepareChecked(workspace, composition);
  return { ...prepared, number, overrides, subdir: String(composition.hydraResolved("sweep.subdir")) };
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
