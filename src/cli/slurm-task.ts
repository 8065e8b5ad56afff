/** `sweep __slurm-task FOLDER INDEX`: what an array task of hydra/launcher=slurm runs; not for people. */
import { SweepError } from "../errors.ts";
import { runSlurmTask } from "../sweep/launchers/slurm/slurm-task.ts";
import { builtWorker } from "./launcher-for.ts";
import { wholeNumber } from "./option-table.ts";
import { EXIT } from "./report-error.ts";

export async function slurmTaskCommand([folder, index]: readonly string[]): Promise<number> {
  const number = wholeNumber("index", index, 0);
  if (folder === undefined || number === undefined) throw new SweepError("USAGE", "FOLDER or INDEX is missing.");
  await runSlurmTask(folder, number, builtWorker("worker"));
  return EXIT.done;
}
