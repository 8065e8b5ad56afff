/** Traces that are not part of the repository: the tests that need them are skipped where they are absent. */
import { existsSync } from "node:fs";
import { join } from "node:path";

const FOLDER = join(import.meta.dirname, "../../../shared/data/traces");

export const tracesAreShared = existsSync(FOLDER);

export function sharedTrace(name: string): string {
  return join(FOLDER, name);
}
