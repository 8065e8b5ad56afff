/** The jobs of a command: composed, validated and identified, all mistakes found before the first one runs. */
import type { Composition, Expansion, SweepJob } from "../config/index.ts";
import { SweepError } from "../errors.ts";
import { withOrigins } from "../inputs/locate-error.ts";
import { type PreparedRun, type PrepareOptions, prepareRun, runSpecOf } from "../inputs/prepare-run.ts";
import type { RunSpec } from "../inputs/run-spec.ts";
import { defaultSweepDir } from "../inputs/splitwise-config.ts";
import type { Workspace } from "../inputs/workspace.ts";
import { chosenOutputs } from "../results/run-files.ts";
import { checkRun } from "../run-one.ts";
import type { Labels } from "../sweep/plan.ts";
import type { PlanContext } from "./plan-context.ts";
import { type PlanReference, ReferenceCollector } from "./plan-reference.ts";
import { formatError } from "./report-error.ts";

/** What a plan keeps of a job; most compositions are made again when their run starts, so that plans of many jobs stay small. */
export interface PlannedJob {
  readonly number: number;
  readonly overrides: readonly string[];
  readonly runId: string;
  /** Relative to the sweep's directory. */
  readonly subdir: string;
  readonly labels: Labels;
}

export interface JobList {
  readonly jobs: readonly PlannedJob[];
  /** What workers need, by number, of the first runs without files: to compose one again is a tenth of a short run. */
  readonly specs: Map<number, RunSpec>;
  /** Whether some of the runs write files of their own. */
  readonly keepsFiles: boolean;
  readonly reference: PlanReference;
  /** What the user should know, once each. */
  readonly notes: ReadonlySet<string>;
}

/** Of 2 KB each, as they share most of their parts. */
const MOST_SPECS = 20_000;

/** Mistakes shown of a sweep's jobs; the others are usually the same. */
const SHOWN_MISTAKES = 5;

/** Errors: one error that names every distinct mistake, and the first job that makes it. */
export function planJobs(workspace: Workspace, expansion: Expansion): JobList {
  return planEach(expansion.jobs, expansion.jobs.length, (job) =>
    prepareChecked(workspace, workspace.composer.composeJob(expansion, job)),
  );
}

/** The same for jobs of a recorded sweep, or jobs that join it. */
export function planRecordedJobs(
  workspace: Workspace,
  { hydraOverrides, firstRuns }: Pick<PlanContext, "hydraOverrides" | "firstRuns">,
  jobs: readonly SweepJob[],
): JobList {
  return planEach(jobs, firstRuns, (job) => {
    const prepared = recomposeJob(workspace, hydraOverrides, job);
    checkPrepared(prepared);
    return prepared;
  });
}

function planEach(sweepJobs: readonly SweepJob[], sweepRuns: number, prepare: (job: SweepJob) => PreparedRun): JobList {
  const mistakes = new Map<string, { readonly error: SweepError; readonly number: number }>();
  const jobs: PlannedJob[] = [];
  const specs = new Map<number, RunSpec>();
  const notes = new Set<string>();
  const reference = new ReferenceCollector();
  let keepsFiles = false;
  for (const job of sweepJobs) {
    try {
      const prepared = prepare(job);
      const { composition, inputs, runId } = prepared;
      const subdir = String(composition.hydraResolved("sweep.subdir"));
      const { labels = {}, results } = inputs.config;
      jobs.push({ number: job.number, overrides: job.overrides, runId, subdir, labels });
      const hasFiles = chosenOutputs(results.outputs, sweepRuns).size > 0;
      keepsFiles ||= hasFiles;
      if (!hasFiles && specs.size < MOST_SPECS) specs.set(job.number, runSpecOf(prepared, sweepRuns));
      reference.add(prepared);
      for (const note of prepared.notes) notes.add(note);
    } catch (error) {
      if (!(error instanceof SweepError) || error.code === "INTERNAL") throw error;
      if (!mistakes.has(error.message)) mistakes.set(error.message, { error, number: job.number });
    }
  }
  if (mistakes.size > 0) throw allMistakes([...mistakes.values()], sweepJobs);
  return { jobs, specs, keepsFiles, reference: reference.reference(), notes };
}

/** The directory of the sweep as its configuration names it. */
export function sweepDirOf({ master }: Expansion): string {
  const sweepDir = String(master.hydraResolved("sweep.dir") ?? "");
  return sweepDir === "" ? defaultSweepDir() : sweepDir;
}

/** Composes one job of a recorded sweep again. What passed the checks when it was planned passes them still if its id is the same. */
export function recomposeJob(
  { composer, resolver, plugins }: Workspace,
  hydraOverrides: readonly string[],
  { number, overrides }: SweepJob,
  options: PrepareOptions = {},
): PreparedRun {
  const context = { jobNumber: number, jobId: String(number) };
  return prepareRun(composer.compose([...hydraOverrides, ...overrides], context), resolver, { ...options, plugins });
}

/** Prepares a run and finds what would fail before its first event. */
export function prepareChecked({ resolver, plugins }: Workspace, composition: Composition): PreparedRun {
  const prepared = prepareRun(composition, resolver, { plugins });
  checkPrepared(prepared);
  return prepared;
}

function checkPrepared({ composition, inputs }: PreparedRun): void {
  withOrigins(composition, () => checkRun(inputs));
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
