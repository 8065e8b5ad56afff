/** `sweep status DIR`: how far a sweep is, whether it runs in another terminal or not. */
import { SweepError } from "../errors.ts";
import { inspectSweep, type SweepState } from "../sweep/inspect-sweep.ts";
import { currentOwner, describeOwner } from "../sweep/lock.ts";
import { formatPace } from "../sweep/progress.ts";
import { readStatusFile, type SweepSpeed } from "../sweep/status-file.ts";
import { requireSweep } from "../sweep/sweep-directory.ts";
import { displayPath } from "./display-path.ts";
import { describeOptions, type OptionTable, parseOptions } from "./option-table.ts";
import { contextOf, namedPlugins } from "./plan-context.ts";
import { EXIT } from "./report-error.ts";
import { resumeCommand } from "./report-sweep.ts";

const OPTIONS = {
  json: { type: "boolean", describe: "Machine-readable output" },
  verify: { type: "boolean", describe: "Read every file and compare its checksum, as a resume does" },
  help: { type: "boolean", short: "h", describe: "Show this help" },
} as const satisfies OptionTable;

const HELP = `Usage: sweep status DIR

Says how many runs of the sweep recorded in DIR are done, failed and left, which process runs it, and how fast. Changes nothing.

${describeOptions(OPTIONS)}`;

const SHOWN_FAILURES = 10;

export async function statusCommand(argv: readonly string[]): Promise<number> {
  const { options, words } = parseOptions(argv, OPTIONS);
  if (options.help) {
    process.stdout.write(HELP);
    return EXIT.done;
  }
  const [sweepDir] = words;
  if (sweepDir === undefined || words.length > 1) {
    throw new SweepError("USAGE", sweepDir === undefined ? "DIR is missing." : `Unknown argument '${words[1]}'.`, {
      hint: "For example: sweep status results/sweeps/mine",
    });
  }
  requireSweep(sweepDir);
  const state = await inspectSweep(sweepDir, { depth: options.verify ? "checksums" : "markers" });
  const owner = currentOwner(sweepDir);
  const speed = owner === undefined ? undefined : readStatusFile(sweepDir);
  const failed = state.missing.filter(({ failure }) => failure !== undefined);
  const counts = {
    total: state.plan.entries.length,
    done: state.complete.size,
    failed: failed.length,
    running: speed?.running ?? 0,
    pending: state.missing.length - failed.length - (speed?.running ?? 0),
  };
  if (options.json) {
    const failures = failed.map(({ entry, failure }) => ({ number: entry.number, runId: entry.runId, ...failure }));
    const pace = speed === undefined ? null : figuresOf(speed, state);
    process.stdout.write(
      `${JSON.stringify({ sweepDir, ...counts, owner: owner ?? null, pace, failures, damage: state.damage })}\n`,
    );
    return EXIT.done;
  }
  const { total, done, running, pending } = counts;
  const lines = [
    `${displayPath(sweepDir)}: ${done}/${total} runs done, ${failed.length} failed, ${running} running, ${Math.max(0, pending)} left`,
    owner === undefined ? "no process runs it" : `run by ${describeOwner(owner)}`,
  ];
  if (speed !== undefined && speed.ended > 0) lines.push(formatPace(figuresOf(speed, state)));
  for (const { entry, failure } of failed.slice(0, SHOWN_FAILURES)) {
    lines.push(`run ${entry.number} ${entry.runId} (${entry.overrides.join(" ")}) failed: ${failure?.message}`);
  }
  if (failed.length > SHOWN_FAILURES) lines.push(`... and ${failed.length - SHOWN_FAILURES} more failures`);
  for (const reason of state.damage.slice(0, SHOWN_FAILURES)) lines.push(`damaged: ${reason}`);
  if (owner === undefined && done < total)
    lines.push(`go on with: ${resumeCommand(sweepDir, namedPlugins(sweepDir, contextOf(state.plan)))}`);
  process.stdout.write(`${lines.join("\n")}\n`);
  return EXIT.done;
}

function figuresOf({ seconds, ended, requests }: SweepSpeed, { missing }: SweepState) {
  const runsPerSecond = seconds > 0 ? ended / seconds : 0;
  return { runsPerSecond, requestsPerSecond: seconds > 0 ? requests / seconds : 0, left: missing.length, seconds };
}
