/**
 * Keeps the rows of runs without files in shared files, `packs/N.jsonl`. Rows are appended and synced in groups; a pack whose
 * last row arrives, or whose sweep ends, is written anew in order of run numbers: its bytes do not depend on how the sweep went.
 */
import { closeSync, existsSync, fsyncSync, ftruncateSync, mkdirSync, openSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileError, syncDirectory, writeFileAtomically } from "../../results/durable-files.ts";
import type { PlanEntry } from "../plan.ts";
import { formatRow, type PackedRow } from "./packed-row.ts";
import { PACKS_NAME, type Pack, packOf, packPath } from "./read-packs.ts";

interface OpenPack {
  readonly rows: Map<number, PackedRow>;
  /** Rows that the plan promises for this pack. */
  expected: number;
  hasFile: boolean;
  isSorted: boolean;
}

export class PackWriter {
  readonly #sweepDir: string;
  readonly #rowsPerPack: number;
  readonly #packs = new Map<number, OpenPack>();

  /** Rewrites packs that are torn or damaged with the rows that count. `found` is what `readPacks` found. */
  constructor(sweepDir: string, rowsPerPack: number, entries: readonly PlanEntry[], found: ReadonlyMap<number, Pack>) {
    this.#sweepDir = sweepDir;
    this.#rowsPerPack = rowsPerPack;
    for (const [number, { rows, isSorted }] of found) {
      this.#packs.set(number, { rows, expected: 0, hasFile: true, isSorted });
    }
    for (const { number } of entries) {
      const pack = packOf(number, rowsPerPack);
      const open = this.#packs.get(pack);
      if (open === undefined) this.#packs.set(pack, { rows: new Map(), expected: 1, hasFile: false, isSorted: true });
      else open.expected++;
    }
    this.#onDisk(() => {
      if (this.#makeDirectory()) syncDirectory(sweepDir);
      for (const [number, { isClean }] of found) if (!isClean) this.#rewrite(number, this.#packs.get(number)!);
    });
  }

  /** Makes the rows durable. Throws a `FILE` error if the disk refuses; what was durable before stays so. */
  write(rows: readonly PackedRow[]): void {
    const byPack = new Map<number, PackedRow[]>();
    for (const row of rows) {
      const pack = packOf(row.number, this.#rowsPerPack);
      const group = byPack.get(pack);
      if (group === undefined) byPack.set(pack, [row]);
      else group.push(row);
    }
    this.#onDisk(() => {
      for (const [number, added] of byPack) {
        const pack = this.#packs.get(number)!;
        for (const row of added) pack.rows.set(row.number, row);
        // A file that begins or ends is written whole and renamed into place; in between it only grows.
        if (pack.hasFile && pack.rows.size < pack.expected) {
          appendDurably(packPath(this.#sweepDir, number), added);
          pack.isSorted = false;
        } else this.#rewrite(number, pack);
      }
    });
  }

  /** Puts the rows of all packs in order. */
  close(): void {
    this.#onDisk(() => {
      for (const [number, pack] of this.#packs) if (!pack.isSorted) this.#rewrite(number, pack);
    });
  }

  #rewrite(number: number, pack: OpenPack): void {
    const sorted = [...pack.rows.values()].sort((a, b) => a.number - b.number);
    writeFileAtomically(packPath(this.#sweepDir, number), sorted.map(formatRow).join(""));
    pack.hasFile = true;
    pack.isSorted = true;
  }

  #makeDirectory(): boolean {
    const directory = join(this.#sweepDir, PACKS_NAME);
    if (existsSync(directory)) return false;
    mkdirSync(directory);
    return true;
  }

  #onDisk(action: () => void): void {
    try {
      action();
    } catch (error) {
      throw fileError("cannot write the rows of the sweep's runs", error);
    }
  }
}

function appendDurably(path: string, rows: readonly PackedRow[]): void {
  const sizeBytes = statSync(path).size;
  const descriptor = openSync(path, "a");
  try {
    writeFileSync(descriptor, rows.map(formatRow).join(""));
    fsyncSync(descriptor);
  } catch (error) {
    ftruncateSync(descriptor, sizeBytes);
    throw error;
  } finally {
    closeSync(descriptor);
  }
}
