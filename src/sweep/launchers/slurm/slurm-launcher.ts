/** Runs the tasks as array jobs of Slurm, on nodes that see the sweep's directory. */
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { SweepError } from "../../../errors.ts";
import { fileError } from "../../../results/durable-files.ts";
import type { SlurmSettings } from "../launcher.schema.ts";
import type { Launcher } from "../launcher.ts";
import { ArraySubmission } from "./array-submission.ts";
import { cancelTasks, liveTasks } from "./slurm-commands.ts";

export interface SlurmOptions {
  readonly settings: SlurmSettings;
  /** Folder of the launcher's own files, on a disk that all nodes see; there only while the sweep runs. */
  readonly folder: string;
  /** Tells sweeps apart: part of the name of their jobs. Letters and digits. */
  readonly sweepKey: string;
  /** The words of a shell that start an array task, quoted; the folder and the index are added. */
  readonly taskCommand: string;
  readonly timeoutSeconds?: number | undefined;
  readonly maxHeapMebibytes?: number | undefined;
  readonly onNote: (note: string) => void;
}

const LONGEST_CANCEL_SECONDS = 120;

export function slurmLauncher(options: SlurmOptions): Launcher {
  const name = `servesweep-${options.sweepKey}`;
  return {
    name: "slurm",
    async launch(tasks, launchOptions) {
      const wasDisturbed = await endEarlierTasks(name, options);
      const folder = freshFolder(options.folder);
      const submission = new ArraySubmission(name, folder, options, { ...launchOptions, wasDisturbed });
      try {
        await submission.run(tasks);
      } catch (error) {
        await cancelTasks(name, "all").catch(() => {});
        throw error;
      } finally {
        rmSync(options.folder, { recursive: true, force: true });
        submission.removeTemporaries();
      }
    },
  };
}

/** Tasks of a session that was killed may still write into the sweep. Resolves to whether there were any. */
async function endEarlierTasks(name: string, { settings, onNote }: SlurmOptions): Promise<boolean> {
  const before = await liveTasks(name);
  if (before.size === 0) return false;
  onNote(`ending ${before.size} Slurm tasks of an earlier session of this sweep`);
  await cancelTasks(name, "all");
  const deadline = performance.now() + LONGEST_CANCEL_SECONDS * 1000;
  while ((await liveTasks(name)).size > 0) {
    if (performance.now() > deadline) {
      throw new SweepError("SERVER", `Slurm has not ended the earlier tasks of this sweep (squeue --name=${name}).`);
    }
    await wait(settings.poll_interval * 1000);
  }
  return true;
}

function freshFolder(folder: string): string {
  try {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(join(folder), { recursive: true });
    return folder;
  } catch (error) {
    throw fileError("cannot make the folder of the Slurm tasks", error);
  }
}
