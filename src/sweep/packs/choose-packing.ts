/** Whether the runs of a sweep share files, and how many rows a file holds. */
import { LARGE_SWEEP_RUNS } from "../../results/run-files.ts";

/** What `results.packing` says. */
export type PackingChoice = "auto" | "none" | number;

export const DEFAULT_ROWS_PER_PACK = 1000;

/** Rows of a pack; undefined for a directory per run, which runs with files of their own always have. */
export function chosenRowsPerPack(
  choice: PackingChoice,
  sweep: { readonly runs: number; readonly keepsFiles: boolean },
): number | undefined {
  if (choice === "none" || sweep.keepsFiles) return undefined;
  if (choice !== "auto") return choice;
  return sweep.runs >= LARGE_SWEEP_RUNS ? DEFAULT_ROWS_PER_PACK : undefined;
}
