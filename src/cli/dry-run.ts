/** `sweep --dry-run`: one line per job on stdout, tab-separated: number, run id, todo or done, output dir, overrides. */
import { join, resolve } from "node:path";
import type { Workspace } from "../inputs/workspace.ts";
import { readShard } from "../results/shard-marker.ts";
import type { CommandLine } from "./arguments.ts";
import { displayPath } from "./display-path.ts";
import { planJobs, prepareChecked } from "./jobs.ts";
import { EXIT } from "./report-error.ts";

export async function dryRun(command: CommandLine, workspace: Workspace, isMultirun: boolean): Promise<number> {
  if (isMultirun) {
    const { jobs, sweepDir, notes } = planJobs(workspace, command.overrides);
    tell(notes);
    for (const job of jobs) await printJob(job.number, job.runId, join(sweepDir, job.subdir), job.overrides);
    return EXIT.done;
  }
  const composition = workspace.composer.compose(command.overrides, { mode: "run" });
  const { runId, notes } = prepareChecked(workspace, composition);
  tell(notes);
  await printJob(0, runId, String(composition.hydraResolved("run.dir")), composition.taskOverrides);
  return EXIT.done;
}

function tell(notes: Iterable<string>): void {
  for (const note of notes) process.stderr.write(`sweep: ${note}\n`);
}

async function printJob(number: number, runId: string, outputDir: string, overrides: readonly string[]): Promise<void> {
  const shard = await readShard(resolve(outputDir));
  const state = shard.state === "complete" && shard.marker.runId === runId ? "done" : "todo";
  const fields = [number, runId, state, displayPath(resolve(outputDir)), overrides.join(" ")];
  process.stdout.write(`${fields.join("\t")}\n`);
}
