/** Runs what is missing of a planned sweep, and tells how it goes. */
import { SweepError } from "../errors.ts";
import { type PreparedRun, runSpecOf } from "../inputs/prepare-run.ts";
import type { RunSpec } from "../inputs/run-spec.ts";
import type { Workspace } from "../inputs/workspace.ts";
import type { SweepState } from "../sweep/inspect-sweep.ts";
import type { Launcher } from "../sweep/launchers/launcher.ts";
import type { PlanEntry } from "../sweep/plan.ts";
import { createProgress, type Progress, together } from "../sweep/progress.ts";
import { runSweep, type SweepOutcome } from "../sweep/run-sweep.ts";
import { statusFile } from "../sweep/status-file.ts";
import type { CommandLine } from "./arguments.ts";
import { recomposeJob } from "./jobs.ts";
import type { PlanContext } from "./plan-context.ts";
import { EXIT, exitStatusOf } from "./report-error.ts";
import { reportSweep, resumeCommand, tellDamage, tellRetry } from "./report-sweep.ts";
import { requireUnchanged } from "./verify-plan.ts";

export interface PlannedSweep {
  readonly sweepDir: string;
  readonly context: PlanContext;
  /** Just planned, by this very process. */
  readonly isNew: boolean;
  readonly launcher: Launcher;
  /** Of runs that this process has just planned, by number; emptied as they start. */
  readonly specs?: Map<number, RunSpec>;
}

/** Resolves to the exit status. */
export async function bringToEnd(
  command: CommandLine,
  workspace: Workspace,
  { sweepDir, context, isNew, launcher, specs = new Map() }: PlannedSweep,
): Promise<number> {
  const stop = new AbortController();
  const onSignal = (signal: NodeJS.Signals) => {
    if (stop.signal.aborted) {
      process.stderr.write(`\nsweep: stopped; go on with: ${resumeCommand(sweepDir, command.plugins)}\n`);
      process.exit(EXIT.interrupted);
    }
    process.stderr.write(`\nsweep: ${signal}: finishing the runs in flight (once more stops at once)\n`);
    stop.abort();
  };
  process.on("SIGINT", onSignal).on("SIGTERM", onSignal);
  const onInspected = (state: SweepState) => {
    if (isNew) return;
    requireUnchanged(
      workspace,
      sweepDir,
      state.plan,
      state.missing.map(({ entry }) => entry),
    );
    tellDamage(state);
  };
  const specOf = (entry: PlanEntry) => {
    const spec = specs.get(entry.number) ?? runSpecOf(plannedRun(workspace, context, entry), context.firstRuns);
    specs.delete(entry.number);
    return spec;
  };
  try {
    const outcome = await runSweep({
      sweepDir,
      launcher,
      specOf,
      failurePolicy: command.failFast ? "fail-fast" : "keep-going",
      retries: command.retries,
      progress: progressOf(command, sweepDir),
      signal: stop.signal,
      onInspected,
      onRetry: tellRetry,
    });
    reportSweep(command, sweepDir, outcome);
    return stop.signal.aborted ? EXIT.interrupted : exitStatus(outcome);
  } catch (error) {
    throw withResumeCommand(error, resumeCommand(sweepDir, command.plugins));
  } finally {
    process.off("SIGINT", onSignal).off("SIGTERM", onSignal);
  }
}

/** What stops a sweep from outside, such as a full disk or a lost server, is over some day. */
function withResumeCommand(error: unknown, command: string): unknown {
  if (!(error instanceof SweepError) || (error.code !== "FILE" && error.code !== "SERVER")) return error;
  const { code, message, hint, cause } = error;
  const goOn = `go on with: ${command}`;
  return new SweepError(code, message, { hint: hint === undefined ? goOn : `${hint}\n${goOn}`, cause });
}

function progressOf({ quiet }: CommandLine, sweepDir: string): Progress {
  const bar = process.stderr.isTTY === true && process.env.CI === undefined;
  const shown = quiet ? [] : [createProgress({ stream: process.stderr, bar })];
  return together([...shown, statusFile(sweepDir)]);
}

/** The run must be the one that was planned: its files and configs may have changed since. */
function plannedRun(workspace: Workspace, { hydraOverrides }: PlanContext, entry: PlanEntry): PreparedRun {
  // It was valid when this process planned it, or made sure that it is what was planned.
  const job = recomposeJob(workspace, hydraOverrides, entry, { isKnownValid: true });
  if (job.runId === entry.runId) return job;
  throw new SweepError(
    "SWEEP",
    `Run ${entry.number} was planned as ${entry.runId}, and its configuration or input files now give ${job.runId}.`,
    { hint: "Restore the configuration and the input files of the sweep, or start another sweep." },
  );
}

/** A run that fails while simulating outweighs one whose input is wrong; a bug outweighs both. */
function exitStatus({ failed }: SweepOutcome): number {
  const statuses = failed.map(({ error }) => exitStatusOf(error.code));
  if (statuses.includes(EXIT.bug)) return EXIT.bug;
  if (statuses.includes(EXIT.runFailed)) return EXIT.runFailed;
  return statuses.length > 0 ? EXIT.badInput : EXIT.done;
}
