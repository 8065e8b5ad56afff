/** Text in pieces to the standard output or a file, so that it is never held as a whole. */
import { once } from "node:events";
import { closeSync, openSync, writeFileSync } from "node:fs";
import { fileError } from "../../results/durable-files.ts";

/** Waits for a slow reader. */
export async function printPieces(pieces: AsyncIterable<string>): Promise<void> {
  for await (const piece of pieces) {
    if (!process.stdout.write(piece)) await once(process.stdout, "drain");
  }
}

/** Makes the file. Errors: SweepError `FILE`. */
export async function writePieces(path: string, pieces: AsyncIterable<string>): Promise<void> {
  try {
    const descriptor = openSync(path, "wx");
    try {
      for await (const piece of pieces) writeFileSync(descriptor, piece);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    throw fileError("cannot write the result", error);
  }
}
