/** Reads the files of packed rows of a sweep. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileError, isSystemError } from "../../results/durable-files.ts";
import type { PlanEntry } from "../plan.ts";
import { type PackedRow, parseRow } from "./packed-row.ts";

export const PACKS_NAME = "packs";
const PACK_NAME = /^(\d{1,15})\.jsonl$/;

/** The number of the pack that keeps the row of run `number`. */
export function packOf(number: number, rowsPerPack: number): number {
  return Math.floor(number / rowsPerPack);
}

export function packPath(sweepDir: string, pack: number): string {
  return join(sweepDir, PACKS_NAME, `${pack}.jsonl`);
}

export interface Pack {
  /** Rows that count, by run number. */
  readonly rows: Map<number, PackedRow>;
  /** What is wrong with the file, for people; a line that a kill cut off is not worth a word. */
  readonly damage: readonly string[];
  /** The file holds the rows that count in ascending order, and nothing else. */
  readonly isClean: boolean;
  readonly isSorted: boolean;
}

/** All packs of the sweep. Rows count if they are whole, in their pack, and of a planned run. O(bytes). */
export function readPacks(
  sweepDir: string,
  rowsPerPack: number,
  planned: ReadonlyMap<number, PlanEntry>,
): Map<number, Pack> {
  const packs = new Map<number, Pack>();
  for (const pack of packNumbers(sweepDir)) {
    const accepts = ({ number, runId }: PackedRow) =>
      packOf(number, rowsPerPack) === pack && planned.get(number)?.runId === runId;
    packs.set(pack, readPack(packPath(sweepDir, pack), `${PACKS_NAME}/${pack}.jsonl`, accepts));
  }
  return packs;
}

function packNumbers(sweepDir: string): number[] {
  try {
    return readdirSync(join(sweepDir, PACKS_NAME))
      .map((name) => PACK_NAME.exec(name)?.[1])
      .filter((digits) => digits !== undefined && String(Number(digits)) === digits)
      .map(Number)
      .sort((a, b) => a - b);
  } catch (error) {
    if (isSystemError(error, "ENOENT", "ENOTDIR")) return [];
    throw fileError("cannot read the packed rows of the sweep", error);
  }
}

function readPack(path: string, name: string, accepts: (row: PackedRow) => boolean): Pack {
  const rows = new Map<number, PackedRow>();
  const damage: string[] = [];
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { rows, damage: [`${name} cannot be read: ${error.message}`], isClean: false, isSorted: true };
  }
  let isClean = true;
  let isSorted = true;
  let last = -1;
  let start = 0;
  for (let line = 1; start < text.length; line++) {
    const end = text.indexOf("\n", start);
    if (end < 0) {
      isClean = false;
      break;
    }
    const row = parseRow(text.slice(start, end));
    start = end + 1;
    if (row === undefined) damage.push(`${name}:${line}: the row does not have its checksum`);
    if (row === undefined || !accepts(row) || rows.has(row.number)) {
      isClean = false;
      continue;
    }
    isSorted &&= row.number > last;
    last = row.number;
    rows.set(row.number, row);
  }
  return { rows, damage, isClean, isSorted };
}
