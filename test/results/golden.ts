/** Recorded runs of SplitwiseSim: the ones kept here, and all others where the shared folder is at hand. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const LOCAL_GOLDENS = join(import.meta.dirname, "../golden/splitwise");
const SHARED_GOLDENS = join(import.meta.dirname, "../../../shared/goldens/splitwise");

export const goldensAreShared = existsSync(SHARED_GOLDENS);

export function localGolden(name: string, file: string): string {
  return readFileSync(join(LOCAL_GOLDENS, name, file), "utf8");
}

export function localGoldens(): string[] {
  return finished(LOCAL_GOLDENS);
}

/** Folders of the recorded runs that ended with results. */
export function sharedGoldens(): string[] {
  return goldensAreShared ? finished(SHARED_GOLDENS) : [];
}

function finished(root: string): string[] {
  return readdirSync(root)
    .sort()
    .map((name) => join(root, name))
    .filter((folder) => existsSync(join(folder, "summary.csv")));
}

/** Header and cells of a CSV text without quotes; numeric cells as numbers, because Python spells them differently. */
export function csvValues(text: string): (string | number)[][] {
  return text
    .trimEnd()
    .split("\n")
    .map((line) =>
      line
        .trimEnd()
        .split(",")
        .map((cell) => (cell === "" || Number.isNaN(Number(cell)) ? cell : Number(cell))),
    );
}

export function csvColumn(text: string, name: string): Float64Array {
  const [header, ...rows] = csvValues(text);
  const index = header.indexOf(name);
  return Float64Array.from(rows, (row) => Number(row[index]));
}
