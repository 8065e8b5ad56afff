import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type JournalEntry, openJournal, readJournal } from "../../src/sweep/journal.ts";
import { temporaryDirectory } from "../results/temporary-directory.ts";

const ENTRIES: readonly JournalEntry[] = [
  { number: 0, runId: "a", status: "done" },
  { number: 2, runId: "c", status: "failed", error: { code: "TRACE", message: 'Zeile "3": größer als 0', hint: "…" } },
  { number: 1, runId: "b", status: "done" },
];

function written(directory: string, entries: readonly JournalEntry[]): Buffer {
  const journal = openJournal(directory);
  for (const entry of entries) journal.append([entry]);
  journal.close();
  return readFileSync(join(directory, "journal.jsonl"));
}

describe("the journal", () => {
  it("reads back what was appended, the last entry of each run", () => {
    const directory = temporaryDirectory();
    const again: JournalEntry = { number: 2, runId: "c", status: "done" };
    written(directory, [...ENTRIES, again]);
    expect([...readJournal(directory).values()]).toEqual([ENTRIES[0], again, ENTRIES[2]]);
  });

  it("that does not exist is empty", () => {
    expect(readJournal(temporaryDirectory()).size).toBe(0);
  });

  it("cut off anywhere keeps its whole lines, and goes on after them", () => {
    const directory = temporaryDirectory();
    const bytes = written(directory, ENTRIES);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: bytes.length }), (length) => {
        writeFileSync(join(directory, "journal.jsonl"), bytes.subarray(0, length));
        const whole = bytes.subarray(0, length).toString("latin1").split("\n").length - 1;
        expect([...readJournal(directory).values()]).toEqual(ENTRIES.slice(0, whole));
        expect(written(directory, ENTRIES.slice(whole))).toEqual(bytes);
      }),
      { numRuns: 60 },
    );
  });

  it("passes over lines that are no entries", () => {
    const directory = temporaryDirectory();
    const bytes = written(directory, ENTRIES);
    const noise = [
      "{",
      "[]",
      "null",
      '{"number":5}',
      '{"number":5,"runId":"x","status":"failed","error":{"code":"toString","message":""}}',
    ];
    writeFileSync(join(directory, "journal.jsonl"), `${noise.join("\n")}\n${bytes.toString()}`);
    expect([...readJournal(directory).keys()]).toEqual([0, 2, 1]);
  });
});
