import { spawn } from "node:child_process";
import { appendFileSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { inspectSweep } from "../../src/sweep/inspect-sweep.ts";
import { inlineLauncher } from "../../src/sweep/launchers/inline.ts";
import type { Launcher } from "../../src/sweep/launchers/launcher.ts";
import { threadsLauncher } from "../../src/sweep/launchers/threads.ts";
import { formatRow, parseRow } from "../../src/sweep/packs/packed-row.ts";
import { runSweep, type SweepOptions } from "../../src/sweep/run-sweep.ts";
import { createSweep } from "../../src/sweep/sweep-directory.ts";
import { filesBelow, temporaryDirectory } from "../results/temporary-directory.ts";
import { compileSources } from "./compiled-sources.ts";
import { pretendedRun } from "./fixtures/pretended-run.ts";

const compiled = compileSources();
afterAll(() => rmSync(compiled.directory, { recursive: true, force: true }));

function newSweep(runs: number, rowsPerPack = 4): string {
  const sweepDir = join(temporaryDirectory(), "s");
  const entries = Array.from({ length: runs }, (_, number) => ({
    number,
    runId: `run-${number}`,
    subdir: `${number}`,
    overrides: [`seed=${number}`],
  }));
  createSweep(sweepDir, {
    createdBy: "test",
    resultFormatVersion: 1,
    rowsPerPack,
    sweptKeys: ["seed"],
    context: {},
    entries,
  });
  return sweepDir;
}

function run(sweepDir: string, options: Partial<SweepOptions> = {}, failing?: number) {
  return runSweep({
    sweepDir,
    launcher: inlineLauncher(pretendedRun),
    specOf: ({ number }) => ({ seed: number, ...(number === failing ? { behaviour: "fail" } : {}) }),
    failurePolicy: "keep-going",
    ...options,
  });
}

function results(sweepDir: string): Record<string, string> {
  const { "journal.jsonl": _, ...files } = filesBelow(sweepDir);
  return files;
}

async function uninterrupted(runs: number): Promise<Record<string, string>> {
  const sweepDir = newSweep(runs);
  await run(sweepDir);
  return results(sweepDir);
}

describe("a packed row", () => {
  const rows = fc.record({
    number: fc.nat(),
    runId: fc.string({ unit: "binary" }),
    metrics: fc.dictionary(
      fc.stringMatching(/^[a-z][a-z0-9_]{0,8}$/),
      fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })),
    ),
    notes: fc.array(fc.string({ unit: "binary" })),
  });

  it("reads back as it was written", () => {
    fc.assert(
      fc.property(rows, (row) => {
        expect(parseRow(formatRow(row).slice(0, -1))).toEqual(JSON.parse(JSON.stringify(row)));
      }),
    );
  });

  it("with a bit flipped anywhere is none", () => {
    const line = Buffer.from(formatRow({ number: 7, runId: "x", metrics: { a: 1.5 }, notes: ["ä"] }).slice(0, -1));
    for (let bit = 0; bit < 8 * line.length; bit++) {
      const flipped = Buffer.from(line);
      flipped[bit >> 3] ^= 1 << (bit & 7);
      // A hexadecimal digit in upper case is another byte, too.
      expect(parseRow(flipped.toString()), `bit ${bit}`).toBeUndefined();
    }
  });

  it("never makes the reader throw", () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void parseRow(text)));
  });
});

describe("a packed sweep", () => {
  it("keeps a file of rows per so many runs, in order of run numbers, and no directory per run", async () => {
    const sweepDir = newSweep(10);
    expect(await run(sweepDir)).toMatchObject({ done: 10, failed: [] });
    expect(Object.keys(filesBelow(sweepDir))).toEqual([
      "journal.jsonl",
      "packs/0.jsonl",
      "packs/1.jsonl",
      "packs/2.jsonl",
      "plan.jsonl",
      "runs.csv",
    ]);
    const lines = readFileSync(join(sweepDir, "packs/1.jsonl"), "utf8").trimEnd().split("\n");
    expect(lines.map((line) => parseRow(line)?.number)).toEqual([4, 5, 6, 7]);
  });

  it("gives the same bytes whatever order the runs end in", async () => {
    const expected = await uninterrupted(30);
    const threads = threadsLauncher({ workerUrl: compiled.url("test/sweep/fixtures/worker.ts"), threads: 2 });
    const reversed: Launcher = {
      name: "reversed",
      launch: (tasks, options) => inlineLauncher(pretendedRun).launch([...tasks].reverse(), options),
    };
    for (const launcher of [threads, reversed]) {
      const sweepDir = newSweep(30);
      await run(sweepDir, { launcher });
      expect(results(sweepDir)).toEqual(expected);
    }
  });

  it("with a failed run keeps the others, and the next call ends with the bytes of an unfailed one", async () => {
    const sweepDir = newSweep(9);
    expect(await run(sweepDir, {}, 5)).toMatchObject({ done: 8, failed: [{ entry: { number: 5 } }] });
    expect(await run(sweepDir)).toMatchObject({ done: 1, skipped: 8 });
    expect(results(sweepDir)).toEqual(await uninterrupted(9));
  });

  const pack = (sweepDir: string) => join(sweepDir, "packs/1.jsonl");
  it.each([
    ["a flipped bit", (sweepDir: string) => flip(pack(sweepDir), 30), 1, /packs\/1.jsonl:1: the row does not have/],
    ["a torn last line", (sweepDir: string) => cut(pack(sweepDir), 20), 1, /packs\/1.jsonl: 1 rows that were/],
    ["half of a pack", (sweepDir: string) => cut(pack(sweepDir), 200), 2, /packs\/1.jsonl: 2 rows that were/],
    ["a pack deleted", (sweepDir: string) => rmSync(pack(sweepDir)), 4, /packs\/1.jsonl: 4 rows that were/],
    ["all packs deleted", (sweepDir: string) => rmSync(join(sweepDir, "packs"), { recursive: true }), 12, /0.jsonl: 4/],
    ["a doubled row", (sweepDir: string) => append(pack(sweepDir), firstLine(pack(sweepDir))), 0, undefined],
    ["a row of another run", (sweepDir: string) => append(pack(sweepDir), row({ runId: "x" })), 0, undefined],
    ["a row of another pack", (sweepDir: string) => append(pack(sweepDir), row({ number: 0 })), 0, undefined],
    ["a row of no run", (sweepDir: string) => append(pack(sweepDir), row({ number: 99 })), 0, undefined],
    ["the journal deleted", (sweepDir: string) => rmSync(join(sweepDir, "journal.jsonl")), 0, undefined],
    ["the table deleted", (sweepDir: string) => rmSync(join(sweepDir, "runs.csv")), 0, undefined],
    ["a torn journal", (sweepDir: string) => append(join(sweepDir, "journal.jsonl"), '{"numb'), 0, undefined],
  ] as const)("is whole again after %s", async (_, harm, redone, damage) => {
    const sweepDir = newSweep(12);
    await run(sweepDir);
    harm(sweepDir);
    const seen: string[] = [];
    const outcome = await run(sweepDir, { onInspected: (state) => seen.push(...state.damage) });
    expect(outcome).toMatchObject({ done: redone, skipped: 12 - redone });
    if (damage === undefined) expect(seen).toEqual([]);
    else expect(seen.join("\n")).toMatch(damage);
    expect(results(sweepDir)).toEqual(await uninterrupted(12));
  });

  it("cut off at any byte of a pack loses only the rows cut", async () => {
    const sweepDir = newSweep(4);
    await run(sweepDir);
    const whole = readFileSync(join(sweepDir, "packs/0.jsonl"));
    for (let length = 0; length < whole.length; length += 37) {
      writeFileSync(join(sweepDir, "packs/0.jsonl"), whole.subarray(0, length));
      const lines = whole.subarray(0, length).toString("latin1").split("\n").length - 1;
      expect((await inspectSweep(sweepDir)).complete.size).toBe(lines);
    }
  });

  it("by kill -9, again and again: it ends with the bytes of an uninterrupted one", async () => {
    const runs = 40;
    const sweepDir = newSweep(runs);
    const script = fileURLToPath(compiled.url("test/sweep/fixtures/sweep-process.ts"));
    let complete = 0;
    let kills = 0;
    while (complete < runs) {
      const child = spawn(process.execPath, [script, sweepDir], { stdio: "inherit" });
      const ended = new Promise((resolve) => child.on("exit", resolve));
      const wanted = Math.min(runs, complete + 12);
      while (child.exitCode === null && rowsIn(sweepDir) < wanted) await new Promise((r) => setTimeout(r, 2));
      if (child.kill("SIGKILL")) kills++;
      await ended;
      const before = complete;
      complete = (await inspectSweep(sweepDir)).complete.size;
      expect(complete).toBeGreaterThan(before);
    }
    expect(kills).toBeGreaterThan(1);
    await run(sweepDir);
    expect(results(sweepDir)).toEqual(await uninterrupted(runs));
  }, 30_000);
});

function rowsIn(sweepDir: string): number {
  const folder = join(sweepDir, "packs");
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(".jsonl"))
      .reduce((sum, name) => sum + readFileSync(join(folder, name), "utf8").split("\n").length - 1, 0);
  } catch {
    return 0;
  }
}

function row(differing: { number?: number; runId?: string }): string {
  return formatRow({ number: 5, runId: "run-5", metrics: {}, notes: [], ...differing });
}

function firstLine(path: string): string {
  return `${readFileSync(path, "utf8").split("\n")[0]}\n`;
}

function append(path: string, text: string): void {
  appendFileSync(path, text);
}

function cut(path: string, bytes: number): void {
  truncateSync(path, readFileSync(path).length - bytes);
}

function flip(path: string, position: number): void {
  const bytes = readFileSync(path);
  bytes[position] ^= 1;
  writeFileSync(path, bytes);
}
