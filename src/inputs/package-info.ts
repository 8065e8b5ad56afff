/** The package itself: its folder and version. */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** This file is in `src/inputs` or `dist/inputs`. */
export const PACKAGE_DIR = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

export function packageVersion(): string {
  return JSON.parse(readFileSync(join(PACKAGE_DIR, "package.json"), "utf8")).version;
}
