/** `sweep --dry-run`: one line per job on stdout, tab-separated: number, run id, todo or done, output dir, overrides. */
import { join, resolve } from "node:path";
import type { Workspace } from "../inputs/workspace.ts";
import { readShard } from "../results/shard-marker.ts";
import type { CompleteRun } from "../sweep/complete-run.ts";
import { inspectSweep } from "../sweep/inspect-sweep.ts";
import { holdsSweep } from "../sweep/sweep-directory.ts";
import type { CommandLine } from "./arguments.ts";
import { displayPath } from "./display-path.ts";
import { planJobs, prepareChecked, sweepDirOf } from "./jobs.ts";
import { EXIT } from "./report-error.ts";

export async function dryRun(command: CommandLine, workspace: Workspace, isMultirun: boolean): Promise<number> {
  if (isMultirun) {
    const expansion = workspace.composer.expand(command.overrides);
    const { jobs, notes } = planJobs(workspace, expansion);
    const sweepDir = sweepDirOf(expansion);
    tell([...expansion.master.warnings, ...notes]);
    const complete = holdsSweep(sweepDir) ? (await inspectSweep(sweepDir)).complete : new Map<number, CompleteRun>();
    for (const { number, runId, subdir, overrides } of jobs) {
      printJob({ number, runId, overrides, outputDir: join(sweepDir, subdir) }, complete.get(number)?.runId === runId);
    }
    return EXIT.done;
  }
  const composition = workspace.composer.compose(command.overrides, { mode: "run" });
  const { runId, notes } = prepareChecked(workspace, composition);
  tell([...composition.warnings, ...notes]);
  const outputDir = resolve(String(composition.hydraResolved("run.dir")));
  const shard = await readShard(outputDir);
  const isDone = shard.state === "complete" && shard.marker.runId === runId;
  printJob({ number: 0, runId, overrides: composition.taskOverrides, outputDir }, isDone);
  return EXIT.done;
}

function tell(notes: Iterable<string>): void {
  for (const note of notes) process.stderr.write(`sweep: ${note}\n`);
}

interface Job {
  readonly number: number;
  readonly runId: string;
  readonly outputDir: string;
  readonly overrides: readonly string[];
}

function printJob({ number, runId, outputDir, overrides }: Job, isDone: boolean): void {
  const fields = [number, runId, isDone ? "done" : "todo", displayPath(resolve(outputDir)), overrides.join(" ")];
  process.stdout.write(`${fields.join("\t")}\n`);
}
