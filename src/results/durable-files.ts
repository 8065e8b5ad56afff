/** Writing that survives a kill or a power cut: written beside its target, synced, renamed into place. */
import { randomBytes } from "node:crypto";
import {
  closeSync,
  existsSync,
  fsync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { SweepError } from "../errors.ts";
import { TEMPORARY_PREFIX } from "./relative-name.ts";

const TEMPORARY_NAME = /^\.servesweep-tmp-[0-9a-f]{16}$/;

/** A fresh path in `directory` that `removeTemporaries` recognises. */
export function temporaryPath(directory: string): string {
  return join(directory, `${TEMPORARY_PREFIX}tmp-${randomBytes(8).toString("hex")}`);
}

/**
 * Removes what killed writers left in `directory`, if there is such a directory. Nobody may be writing there, unless
 * `untouchedSeconds` says how long a leftover must have lain there unchanged.
 */
export function removeTemporaries(directory: string, untouchedSeconds = 0): void {
  let names: string[];
  try {
    names = readdirSync(directory);
  } catch (error) {
    if (isSystemError(error, "ENOENT", "ENOTDIR")) return;
    throw error;
  }
  for (const name of names) {
    if (!TEMPORARY_NAME.test(name)) continue;
    const path = join(directory, name);
    if (untouchedSeconds > 0 && !(silenceSeconds(path) > untouchedSeconds)) continue;
    rmSync(path, { recursive: true, force: true });
  }
}

/** Since the last change of the file or directory at `path`; NaN if there is none. */
function silenceSeconds(path: string): number {
  return (Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Number.NaN)) / 1000;
}

/** Replaces the file at `path` at once: a reader sees the old text or the new one, whatever is killed when. */
export function writeFileAtomically(path: string, content: string | Uint8Array): void {
  const temporary = temporaryPath(dirname(path));
  try {
    const descriptor = openSync(temporary, "wx");
    try {
      writeFileSync(descriptor, content);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(temporary, path);
    syncDirectory(dirname(path));
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** Makes the directory and those above it. Node's own recursive mkdir never returns below /proc. */
export function makeDirectories(path: string): void {
  const missing: string[] = [];
  for (let directory = resolve(path); !existsSync(directory); directory = dirname(directory)) missing.push(directory);
  for (const directory of missing.reverse()) {
    try {
      mkdirSync(directory);
    } catch (error) {
      // Another process may have been faster.
      if (!isSystemError(error, "EEXIST")) throw error;
    }
  }
}

/** Makes the entries of `directory` durable. */
export function syncDirectory(directory: string): void {
  const descriptor = openSync(directory, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Syncs open files side by side: a journaling file system makes them durable together. */
export async function syncDescriptors(descriptors: readonly number[]): Promise<void> {
  await Promise.all(descriptors.map((descriptor) => fsyncAsync(descriptor)));
}

const fsyncAsync = promisify(fsync);

/** Whether `error` comes from the operating system, with one of `codes` if any are given. */
export function isSystemError(error: unknown, ...codes: string[]): error is NodeJS.ErrnoException {
  if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string") return false;
  return codes.length === 0 ? "syscall" in error : codes.includes(error.code);
}

/** Whether `error` says that the disk takes nothing more, whatever the file. */
export function isDiskRefusal(error: unknown): boolean {
  return isSystemError(error, "ENOSPC", "EDQUOT", "EROFS");
}

const EXPLANATIONS = new Map([
  ["ENOSPC", "no space is left on the device"],
  ["EDQUOT", "the disk quota is used up"],
  ["EACCES", "permission is denied"],
  ["EPERM", "permission is denied"],
  ["EROFS", "the file system is read-only"],
  ["ENOTDIR", "a part of its path is a file, not a directory"],
  ["EISDIR", "it is a directory, not a file"],
  ["EEXIST", "a file of that name is in the way"],
  ["ENAMETOOLONG", "a part of its path is too long"],
  ["ENOENT", "there is no such file or directory"],
]);

/** The error to report when `action` (such as `cannot write runs.csv`) failed; errors that the system did not raise stay as they are. */
export function fileError(action: string, error: unknown): unknown {
  if (!isSystemError(error)) return error;
  const reason = EXPLANATIONS.get(error.code ?? "") ?? error.message;
  const isFull = error.code === "ENOSPC" || error.code === "EDQUOT";
  return new SweepError("FILE", `${action}: ${reason}${error.path === undefined ? "" : ` (${error.path})`}`, {
    hint: isFull ? "make room and start again; complete runs are kept, and --resume goes on with a sweep" : undefined,
    cause: error,
  });
}
