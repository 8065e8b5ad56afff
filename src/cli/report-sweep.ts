/** What a sweep says on stdout and stderr: its table, failures, damage, and how to go on. */
import { join } from "node:path";
import type { SweepState } from "../sweep/inspect-sweep.ts";
import type { PlanEntry } from "../sweep/plan.ts";
import type { FailedRun, SweepOutcome } from "../sweep/run-sweep.ts";
import type { RunFailure } from "../sweep/run-task.ts";
import { formatRunsCsv, RUNS_TABLE_NAME } from "../sweep/runs-csv.ts";
import { formatSweepTable, tableLegend } from "../sweep/sweep-table.ts";
import type { CommandLine } from "./arguments.ts";
import { displayPath } from "./display-path.ts";
import { formatPosition } from "./report-error.ts";
import { shellWord } from "./shell-word.ts";
import { terminalWidth } from "./terminal.ts";

/** Lines of one kind; the files of the sweep have the others. */
const SHOWN_LINES = 20;

export function reportSweep(command: CommandLine, sweepDir: string, outcome: SweepOutcome): void {
  const { rows, sweptKeys, failed, pending, skipped } = outcome;
  const runsCsvPath = displayPath(join(sweepDir, RUNS_TABLE_NAME));
  if (command.json) {
    process.stdout.write(`${JSON.stringify({ sweepDir, done: outcome.done, skipped, pending, failed, rows })}\n`);
  } else if (command.csv) {
    process.stdout.write(formatRunsCsv(rows, sweptKeys));
  } else {
    const width = terminalWidth();
    process.stdout.write(formatSweepTable(rows, { sweptKeys, runsCsvPath, width }));
    process.stdout.write(`\n${tableLegend(width)}\n\nSweep:   ${displayPath(sweepDir)}\nTable:   ${runsCsvPath}\n`);
  }
  tellAll(
    rows
      .filter(({ metrics }) => (metrics.unfinished ?? 0) > 0)
      .map(({ entry, metrics }) => `run ${entry.number} left ${metrics.unfinished} requests unfinished`),
    `more runs left requests unfinished; see the column unfinished of ${runsCsvPath}`,
  );
  tellAll(failed.map(failureText), `more runs failed; see ${displayPath(join(sweepDir, "journal.jsonl"))}`);
  if (pending + failed.length > 0) {
    tell(
      `${failed.length} runs failed and ${pending} did not start; go on with: ${resumeCommand(sweepDir, command.plugins)}`,
    );
  }
}

/** To paste into a shell. `plugins`: as they are named from here. */
export function resumeCommand(sweepDir: string, plugins: readonly string[]): string {
  const words = ["--resume", sweepDir, ...plugins.flatMap((path) => ["--plugin", path])];
  return ["sweep", ...words.map((word) => shellWord(displayPath(word)))].join(" ");
}

/** Says what does not count of an earlier session. */
export function tellDamage({ damage }: SweepState): void {
  tellAll(
    damage.map((reason) => `damaged, does not count: ${reason}`),
    "more are damaged",
  );
}

export function tellRetry(entry: PlanEntry, failure: RunFailure): void {
  tell(`run ${entry.number} is tried again: ${failure.message.split("\n")[0]}`);
}

function failureText({ entry, error }: FailedRun): string {
  const hint = error.hint === undefined ? "" : `\n  hint: ${error.hint}`;
  const cause = `${formatPosition(error.position ?? {})}${error.message}${hint}`;
  return `run ${entry.number} ${entry.runId} (${entry.overrides.join(" ")}) failed: ${cause}`;
}

function tellAll(lines: readonly string[], rest: string): void {
  for (const line of lines.slice(0, SHOWN_LINES)) tell(line);
  if (lines.length > SHOWN_LINES) tell(`... and ${lines.length - SHOWN_LINES} ${rest}`);
}

function tell(line: string): void {
  process.stderr.write(`sweep: ${line}\n`);
}
