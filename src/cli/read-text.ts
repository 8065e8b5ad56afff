import { readFileSync } from "node:fs";
import { SweepError } from "../errors.ts";

/** A file that the command line names. Errors: SweepError `USAGE`. */
export function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new SweepError("USAGE", `Cannot read '${path}': ${(error as Error).message}`, { cause: error });
  }
}
