/** Slurm's commands, as its manual pages have them (22.05 and later). */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { SweepError } from "../../../errors.ts";

const run = promisify(execFile);
const COMMAND_MILLISECONDS = 60_000;

async function command(name: string, words: readonly string[]): Promise<string> {
  try {
    return (await run(name, [...words], { timeout: COMMAND_MILLISECONDS, maxBuffer: 64 * 1024 * 1024 })).stdout;
  } catch (error) {
    const { code, stderr } = error as NodeJS.ErrnoException & { readonly stderr?: string };
    if (code === "ENOENT") {
      throw new SweepError("USAGE", `hydra/launcher=slurm needs Slurm's command ${name}, which is not here.`, {
        hint: "Start the sweep on a login node of the cluster, or choose another launcher.",
        cause: error,
      });
    }
    const reason = stderr?.trim().split("\n").at(-1) ?? (error as Error).message;
    throw new SweepError("SERVER", `${name}: ${reason === "" ? (error as Error).message : reason}`, {
      hint: "What is complete is kept: once Slurm answers, resume the sweep.",
      cause: error,
    });
  }
}

/** Submits an array job and resolves to its id. Errors: SweepError `USAGE` without Slurm, `SERVER` if it refuses. */
export async function submitArray(
  script: string,
  tasks: number,
  { name, output, tasksAtOnce, options }: ArrayOptions,
): Promise<string> {
  const limit = tasksAtOnce === null ? "" : `%${tasksAtOnce}`;
  const words = [
    "--parsable",
    "--requeue",
    "--export=ALL",
    "--open-mode=append",
    `--job-name=${name}`,
    `--array=0-${tasks - 1}${limit}`,
    `--output=${output}`,
    ...options,
    script,
  ];
  // "ID" or "ID;CLUSTER".
  return (await command("sbatch", words)).trim().split(";")[0];
}

export interface ArrayOptions {
  readonly name: string;
  /** Where each task's own output goes; `%a` stands for its index. */
  readonly output: string;
  readonly tasksAtOnce: number | null;
  /** Further options of sbatch. */
  readonly options: readonly string[];
}

/** The tasks under this name that are waiting or running, as `JOB_INDEX`. */
export async function liveTasks(name: string): Promise<Set<string>> {
  const lines = (await command("squeue", ["--noheader", "--array", `--name=${name}`, "--format=%F_%K"])).split("\n");
  return new Set(lines.map((line) => line.trim()).filter((line) => line !== ""));
}

/** Ends the tasks under this name, or those of them that have not begun. */
export async function cancelTasks(name: string, which: "waiting" | "all"): Promise<void> {
  await command("scancel", ["--quiet", `--name=${name}`, ...(which === "waiting" ? ["--state=PENDING"] : [])]);
}
