/** Text in pieces to the standard output or a file, so that it is never held as a whole. */
import { once } from "node:events";
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileError, syncDirectory, temporaryPath } from "../../results/durable-files.ts";
import { displayPath } from "../display-path.ts";

/** Waits for a slow reader. */
export async function printPieces(pieces: AsyncIterable<string>): Promise<void> {
  for await (const piece of pieces) {
    if (!process.stdout.write(piece)) await once(process.stdout, "drain");
  }
}

/** The file appears when it is whole. Errors: SweepError `FILE`. */
export async function writePieces(path: string, pieces: AsyncIterable<string>): Promise<void> {
  const temporary = temporaryPath(dirname(path));
  try {
    const descriptor = openSync(temporary, "wx");
    try {
      for await (const piece of pieces) writeFileSync(descriptor, piece);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(temporary, path);
    syncDirectory(dirname(path));
  } catch (error) {
    throw fileError(`cannot write '${displayPath(path)}'`, error);
  } finally {
    rmSync(temporary, { force: true });
  }
}
