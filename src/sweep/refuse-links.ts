/** Whatever a sweep's folder was sent with, what is written and removed stays in it. */
import { lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { SweepError } from "../errors.ts";
import { JOURNAL_NAME } from "./journal.ts";
import { PACKS_NAME } from "./packs/read-packs.ts";
import type { PlanEntry } from "./plan.ts";

/**
 * Throws a `SWEEP` error if a file that the sweep in `sweepDir` appends to, or a folder that it writes to, is a link: it would lead
 * elsewhere. `sweepDir` itself may be one, and so may the folders of runs that are complete.
 */
export function refuseLinks(sweepDir: string, toBeRun: readonly PlanEntry[]): void {
  const places = new Set([JOURNAL_NAME, PACKS_NAME]);
  for (const { subdir } of toBeRun) {
    const parts = subdir.split("/");
    for (let depth = 1; depth <= parts.length; depth++) places.add(parts.slice(0, depth).join("/"));
  }
  for (const place of places) if (isLink(join(sweepDir, place))) throw leadsElsewhere(join(sweepDir, place));
  for (const name of packLinks(join(sweepDir, PACKS_NAME))) throw leadsElsewhere(join(sweepDir, PACKS_NAME, name));
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
}

function packLinks(directory: string): string[] {
  if (lstatSync(directory, { throwIfNoEntry: false }) === undefined) return [];
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isSymbolicLink())
    .map(({ name }) => name);
}

function leadsElsewhere(path: string): SweepError {
  return new SweepError("SWEEP", `'${path}' is a link, and a sweep writes nothing outside of its directory`, {
    hint: "put what it points to in its place; the sweep's directory itself may be a link",
  });
}
