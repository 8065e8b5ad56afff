/** Files that a command writes where the user says. */
import { existsSync, lstatSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { SweepError } from "../errors.ts";
import { fileError, writeFileAtomically } from "../results/durable-files.ts";
import { displayPath } from "./display-path.ts";

/** Errors: SweepError `USAGE` if nothing can be written there, or there is such a file, which `force` overwrites. */
export function checkTarget(path: string, force: boolean): void {
  const folder = dirname(path);
  if (!existsSync(folder)) throw new SweepError("USAGE", `There is no folder '${displayPath(resolve(folder))}'.`);
  const present = lstatSync(path, { throwIfNoEntry: false });
  if (present === undefined) return;
  if (!present.isFile()) throw new SweepError("USAGE", `'${path}' is there, and is not a regular file.`);
  if (force) return;
  throw new SweepError("USAGE", `There is a file '${displayPath(path)}' already.`, { hint: "--force overwrites it." });
}

/** Errors: SweepError `FILE`. */
export function writeOutput(path: string, content: string | Uint8Array): void {
  try {
    writeFileAtomically(path, content);
  } catch (error) {
    throw fileError(`cannot write '${displayPath(path)}'`, error);
  }
}
