/**
 * `journal.jsonl`: what became of each run, a line each, appended as they end. Shards, not the journal, decide what is
 * complete; the journal remembers why runs failed. A last line without its line feed was cut off by a kill and does not count.
 */
import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ERROR_CODES, type ErrorCode } from "../errors.ts";
import { fileError, isSystemError } from "../results/durable-files.ts";
import type { RunFailure } from "./run-task.ts";

export const JOURNAL_NAME = "journal.jsonl";

export type JournalEntry =
  | { readonly number: number; readonly runId: string; readonly status: "done" }
  | { readonly number: number; readonly runId: string; readonly status: "failed"; readonly error: RunFailure };

/** The last entry of every run, by run number. Lines that are no entries are passed over. */
export function readJournal(sweepDir: string): Map<number, JournalEntry> {
  const entries = new Map<number, JournalEntry>();
  const lines = readBytes(join(sweepDir, JOURNAL_NAME)).toString().split("\n").slice(0, -1);
  for (const line of lines) {
    const entry = parseEntry(line);
    if (entry !== undefined) entries.set(entry.number, entry);
  }
  return entries;
}

export interface Journal {
  /** Throws a `FILE` error if the disk refuses; the journal then is as it was. */
  append(entries: readonly JournalEntry[]): void;
  close(): void;
}

/** Opens the journal for appending, without the torn line that a kill may have left at its end. */
export function openJournal(sweepDir: string): Journal {
  const path = join(sweepDir, JOURNAL_NAME);
  const onDisk = <T>(action: () => T): T => {
    try {
      return action();
    } catch (error) {
      throw fileError("cannot write the journal of the sweep", error);
    }
  };
  const descriptor = onDisk(() => openSync(path, "a"));
  let sizeBytes = onDisk(() => {
    const whole = readBytes(path).lastIndexOf("\n") + 1;
    if (fstatSync(descriptor).size > whole) ftruncateSync(descriptor, whole);
    return whole;
  });
  return {
    append(entries) {
      const lines = Buffer.from(entries.map((entry) => `${JSON.stringify(entry)}\n`).join(""));
      onDisk(() => {
        try {
          writeFileSync(descriptor, lines);
        } catch (error) {
          ftruncateSync(descriptor, sizeBytes);
          throw error;
        }
      });
      sizeBytes += lines.length;
    },
    close() {
      try {
        onDisk(() => fsyncSync(descriptor));
      } finally {
        closeSync(descriptor);
      }
    },
  };
}

function readBytes(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return Buffer.alloc(0);
    throw fileError("cannot read the journal of the sweep", error);
  }
}

function parseEntry(line: string): JournalEntry | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  const { number, runId, status, error } = value as Record<string, unknown>;
  if (typeof number !== "number" || typeof runId !== "string") return undefined;
  if (status === "done") return { number, runId, status };
  if (status !== "failed" || typeof error !== "object" || error === null) return undefined;
  const { code, message, hint } = error as Record<string, unknown>;
  if (typeof code !== "string" || !Object.hasOwn(ERROR_CODES, code) || typeof message !== "string") return undefined;
  const failure = { code: code as ErrorCode, message, ...(typeof hint === "string" ? { hint } : {}) };
  return { number, runId, status, error: failure };
}
