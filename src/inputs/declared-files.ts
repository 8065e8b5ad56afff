/** Reads the input files that a run declares, and no others. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { SweepError } from "../errors.ts";
import type { InputFile } from "./run-spec.ts";

/** Small files, such as tables of lengths, are read once for all runs of a process, oldest out first. */
const SMALL_FILE_BYTES = 256 * 1024;
const KEPT_FILES = 32;
const kept = new Map<string, Buffer>();

/** The bytes that the run's id was made from; not to be written. Errors: SweepError `FILE`. */
export function readDeclared(files: ReadonlyMap<string, InputFile>, path: string): Buffer {
  const file = files.get(path);
  if (file === undefined) throw new SweepError("INTERNAL", `'${path}' is not a declared input of the run`);
  const known = kept.get(file.sha256);
  if (known !== undefined) return known;
  const bytes = readUnchanged(path, file);
  if (bytes.length <= SMALL_FILE_BYTES) {
    const [oldest] = kept.keys();
    if (kept.size >= KEPT_FILES && oldest !== undefined) kept.delete(oldest);
    kept.set(file.sha256, bytes);
  }
  return bytes;
}

function readUnchanged(path: string, { absolutePath, sha256 }: InputFile): Buffer {
  let bytes: Buffer;
  try {
    bytes = readFileSync(absolutePath);
  } catch (error) {
    throw new SweepError("FILE", `Cannot read '${path}': ${(error as Error).message}`, { cause: error });
  }
  if (createHash("sha256").update(bytes).digest("hex") !== sha256) {
    throw new SweepError("FILE", `'${path}' has changed since the run was planned.`, {
      hint: "Restore the file, or start the run anew.",
    });
  }
  return bytes;
}
