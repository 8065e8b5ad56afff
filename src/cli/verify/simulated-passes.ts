/** The simulated side of a comparison of passes. */
import { type Pass, readPassList } from "../../analysis/verification/pass-list.ts";
import { SweepError } from "../../errors.ts";
import { readText } from "../read-text.ts";

/** Errors: SweepError `USAGE`, TraceError. */
export function simulatedPasses(path: string | undefined, overrides: readonly string[]): Pass[] {
  if (path === undefined) throw new SweepError("USAGE", "--sim is missing: the simulated passes.");
  if (overrides.length > 0) throw new SweepError("USAGE", "--sim and overrides exclude each other.");
  return readPassList(readText(path), path);
}
