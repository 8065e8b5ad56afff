import { spawn } from "node:child_process";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { writeShard } from "../../src/results/write-shard.ts";
import { inspectSweep } from "../../src/sweep/inspect-sweep.ts";
import { inlineLauncher } from "../../src/sweep/launchers/inline.ts";
import type { Launcher } from "../../src/sweep/launchers/launcher.ts";
import { threadsLauncher } from "../../src/sweep/launchers/threads.ts";
import type { PlanEntry, SweepPlan } from "../../src/sweep/plan.ts";
import { runSweep, type SweepOptions } from "../../src/sweep/run-sweep.ts";
import { createSweep } from "../../src/sweep/sweep-directory.ts";
import { filesBelow, temporaryDirectory } from "../results/temporary-directory.ts";
import { compileSources } from "./compiled-sources.ts";
import { type PretendedSpec, pretendedRun } from "./fixtures/pretended-run.ts";

const compiled = compileSources();
afterAll(() => rmSync(compiled.directory, { recursive: true, force: true }));

function planOf(runs: number, rowsPerPack?: number): SweepPlan {
  const entries = Array.from({ length: runs }, (_, number) => ({
    number,
    runId: `run-${number}`,
    subdir: `${number}`,
    overrides: [`seed=${number}`, "cluster=half_half"],
  }));
  return {
    createdBy: "servesweep test",
    resultFormatVersion: 1,
    sweptKeys: ["seed"],
    context: { configName: "config" },
    entries,
    ...(rowsPerPack === undefined ? {} : { rowsPerPack }),
  };
}

function newSweep(runs: number, rowsPerPack?: number): string {
  const sweepDir = join(temporaryDirectory(), "sweeps/first");
  createSweep(sweepDir, planOf(runs, rowsPerPack), new Map([["multirun.yaml", "seed: 0\n"]]));
  return sweepDir;
}

type Behaviours = Readonly<Record<number, PretendedSpec["behaviour"]>>;

function run(sweepDir: string, behaviours: Behaviours = {}, options: Partial<SweepOptions> = {}) {
  return runSweep({
    sweepDir,
    launcher: inlineLauncher(pretendedRun),
    specOf: ({ number }: PlanEntry) => ({ seed: number, behaviour: behaviours[number] }),
    failurePolicy: "keep-going",
    ...options,
  });
}

function contentOf(path: string): unknown {
  return statSync(path).isDirectory() ? filesBelow(path) : readFileSync(path, "utf8");
}

/** All files but the journal, whose order is that of the runs' ends. */
function results(sweepDir: string): Record<string, string> {
  const { "journal.jsonl": _, ...files } = filesBelow(sweepDir);
  return files;
}

function journalOf(sweepDir: string): Record<string, unknown>[] {
  const text = readFileSync(join(sweepDir, "journal.jsonl"), "utf8");
  return text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}

async function uninterrupted(runs: number): Promise<Record<string, string>> {
  const sweepDir = newSweep(runs);
  await run(sweepDir);
  return results(sweepDir);
}

describe("a sweep's folder with a link in it", () => {
  it.each([
    ["the journal", "journal.jsonl", undefined],
    ["the folder of a run that is missing", "1", undefined],
    ["the folder of packed rows", "packs", 2],
    ["a file of packed rows", "packs/0.jsonl", 2],
  ])("is refused and nothing is written elsewhere: %s", async (_what, place, rowsPerPack) => {
    const sweepDir = newSweep(3, rowsPerPack);
    await run(sweepDir, { 1: "fail" });
    const elsewhere = join(temporaryDirectory(), "elsewhere");
    if (existsSync(join(sweepDir, place))) renameSync(join(sweepDir, place), elsewhere);
    else mkdirSync(elsewhere);
    symlinkSync(elsewhere, join(sweepDir, place));
    const before = contentOf(elsewhere);
    await expect(run(sweepDir)).rejects.toMatchObject({
      code: "SWEEP",
      message: expect.stringContaining(`'${join(sweepDir, place)}' is a link`),
    });
    expect(contentOf(elsewhere)).toEqual(before);
  });

  it("is as good as any other if the link is that to the folder itself", async () => {
    const sweepDir = newSweep(3);
    const link = join(temporaryDirectory(), "link");
    symlinkSync(sweepDir, link);
    expect((await run(link)).done).toBe(3);
  });
});

describe("a sweep", () => {
  it("ends with a shard per run, a journal and a table in order of run numbers", async () => {
    const sweepDir = newSweep(3);
    const outcome = await run(sweepDir);
    expect(outcome).toMatchObject({ done: 3, skipped: 0, failed: [], pending: 0, sweptKeys: ["seed"] });
    expect(Object.keys(filesBelow(sweepDir)).filter((name) => !/^[012]\//.test(name))).toEqual([
      "journal.jsonl",
      "multirun.yaml",
      "plan.jsonl",
      "runs.csv",
    ]);
    const [header, ...rows] = readFileSync(join(sweepDir, "runs.csv"), "utf8").trimEnd().split("\n");
    expect(header).toMatch(/^number,run_id,seed,status,requests,completed,unfinished,/);
    expect(rows.map((row) => row.split(",").slice(0, 7))).toEqual([
      ["0", "run-0", "0", "done", "10", "10", "0"],
      ["1", "run-1", "1", "done", "11", "10", "1"],
      ["2", "run-2", "2", "done", "12", "10", "2"],
    ]);
    expect(journalOf(sweepDir)[2]).toEqual({ number: 2, runId: "run-2", status: "done" });
  });

  it("gives the same bytes on 1, 2 and 4 workers, whatever order the runs end in", async () => {
    const expected = await uninterrupted(8);
    for (const threads of [1, 2, 4]) {
      const sweepDir = newSweep(8);
      const launcher = threadsLauncher({ workerUrl: compiled.url("test/sweep/fixtures/worker.ts"), threads });
      await run(sweepDir, {}, { launcher, specOf: ({ number }) => ({ seed: number, milliseconds: (number * 7) % 5 }) });
      expect(results(sweepDir)).toEqual(expected);
    }
    const reversed: Launcher = {
      name: "reversed",
      launch: (tasks, options) => inlineLauncher(pretendedRun).launch([...tasks].reverse(), options),
    };
    const sweepDir = newSweep(8);
    await run(sweepDir, {}, { launcher: reversed });
    expect(journalOf(sweepDir)[0].number).toBe(7);
    expect(results(sweepDir)).toEqual(expected);
  });

  it("runs nothing again that is complete", async () => {
    const sweepDir = newSweep(3);
    await run(sweepDir);
    const before = filesBelow(sweepDir);
    const outcome = await run(sweepDir, { 0: "fail", 1: "fail", 2: "fail" });
    expect(outcome).toMatchObject({ done: 0, skipped: 3, failed: [] });
    expect(filesBelow(sweepDir)).toEqual(before);
  });

  it("records a failed run and goes on; the next call runs it again", async () => {
    const sweepDir = newSweep(4);
    const outcome = await run(sweepDir, { 1: "fail" });
    expect(outcome).toMatchObject({
      done: 3,
      pending: 0,
      failed: [{ entry: { number: 1 }, error: { code: "SIMULATION" } }],
    });
    expect(readFileSync(join(sweepDir, "runs.csv"), "utf8").split("\n")[2]).toMatch(/^1,run-1,1,failed,,/);
    expect(journalOf(sweepDir)[1]).toEqual({
      number: 1,
      runId: "run-1",
      status: "failed",
      error: { code: "SIMULATION", message: "run 1 is stuck", hint: "add servers" },
    });
    expect((await inspectSweep(sweepDir)).missing).toMatchObject([
      { entry: { number: 1 }, failure: { hint: "add servers" } },
    ]);
    expect(await run(sweepDir)).toMatchObject({ done: 1, skipped: 3, failed: [] });
    expect(results(sweepDir)).toEqual(await uninterrupted(4));
  });

  it("starts nothing more after a failure if told to fail fast", async () => {
    const sweepDir = newSweep(5);
    const outcome = await run(sweepDir, { 1: "fail" }, { failurePolicy: "fail-fast" });
    expect(outcome).toMatchObject({ done: 1, pending: 3, failed: [{ entry: { number: 1 } }] });
    expect(outcome.rows.map(({ status }) => status)).toEqual(["done", "failed", "pending", "pending", "pending"]);
  });

  it("starts nothing more after an abort, and resumes to the same bytes", async () => {
    const sweepDir = newSweep(6);
    const controller = new AbortController();
    const outcome = await run(
      sweepDir,
      {},
      {
        signal: controller.signal,
        progress: { start() {}, stop() {}, update: ({ done }) => done === 2 && controller.abort() },
      },
    );
    expect(outcome).toMatchObject({ done: 2, pending: 4 });
    expect(await run(sweepDir)).toMatchObject({ done: 4, skipped: 2 });
    expect(results(sweepDir)).toEqual(await uninterrupted(6));
  });

  it("counts a run whose task cannot be made as failed", async () => {
    const sweepDir = newSweep(3);
    const specOf = ({ number }: PlanEntry) => {
      if (number === 0) throw new Error("its trace has changed");
      return { seed: number };
    };
    expect(await run(sweepDir, {}, { specOf })).toMatchObject({
      done: 2,
      failed: [{ entry: { number: 0 }, error: { message: expect.stringContaining("its trace has changed") } }],
    });
  });

  it("does not believe a run that reports success without its shard", async () => {
    const sweepDir = newSweep(2);
    const outcome = await run(sweepDir, { 1: "no shard" });
    expect(outcome).toMatchObject({
      done: 1,
      failed: [{ error: { message: expect.stringContaining("there is no shard") } }],
    });
  });

  it("counts up its progress to the total", async () => {
    const seen: string[] = [];
    const note = (what: string) => (counts: object) => void seen.push(`${what} ${Object.values(counts).join(" ")}`);
    const sweepDir = newSweep(3);
    await run(
      sweepDir,
      { 1: "fail" },
      { progress: { start: note("start"), update: note("update"), stop: () => seen.push("stop") } },
    );
    expect(seen).toEqual([
      "start 3 0 0 0 0",
      "update 3 0 0 1 0",
      "update 3 1 0 0 10",
      "update 3 1 0 1 10",
      "update 3 1 1 0 10",
      "update 3 1 1 1 10",
      "update 3 2 1 0 22",
      "stop",
    ]);
  });
});

describe("a sweep that was interrupted", () => {
  it("between shard and journal: the run counts, and is journalled now", async () => {
    const sweepDir = newSweep(3);
    await run(sweepDir);
    const journal = readFileSync(join(sweepDir, "journal.jsonl"), "utf8");
    writeFileSync(join(sweepDir, "journal.jsonl"), journal.split("\n").slice(0, 2).join("\n").concat("\n"));
    expect(await run(sweepDir)).toMatchObject({ done: 0, skipped: 3 });
    expect(readFileSync(join(sweepDir, "journal.jsonl"), "utf8")).toBe(journal);
  });

  it("in the middle of a journal line: the torn line does not count", async () => {
    const sweepDir = newSweep(2);
    await run(sweepDir, { 1: "fail" });
    appendFileSync(join(sweepDir, "journal.jsonl"), '{"number":1,"runId":"run-1","sta');
    expect(await run(sweepDir)).toMatchObject({ done: 1, skipped: 1 });
    expect(journalOf(sweepDir).map(({ status }) => status)).toEqual(["done", "failed", "done"]);
  });

  it("in the middle of a shard: what was left is removed, and the run done again", async () => {
    const sweepDir = newSweep(2);
    const leftover = join(sweepDir, ".servesweep-tmp-0123456789abcdef");
    mkdirSync(leftover);
    writeFileSync(join(leftover, "summary.csv"), "half");
    expect(await run(sweepDir)).toMatchObject({ done: 2 });
    expect(existsSync(leftover)).toBe(false);
  });

  it.each([
    ["a changed file", (sweepDir: string) => writeFileSync(join(sweepDir, "1/summary.csv"), "seed\n999\n")],
    ["a lost file", (sweepDir: string) => rmSync(join(sweepDir, "1/detailed/0.csv"))],
    ["a lost directory", (sweepDir: string) => rmSync(join(sweepDir, "1"), { recursive: true })],
    ["a lost journal", (sweepDir: string) => rmSync(join(sweepDir, "journal.jsonl"))],
    ["a lost table", (sweepDir: string) => rmSync(join(sweepDir, "runs.csv"))],
    [
      "another run's shard",
      (sweepDir: string) => writeShard(join(sweepDir, "1"), new Map(), { runId: "x", metrics: {} }),
    ],
  ])("is whole again after %s", async (_, damage) => {
    const sweepDir = newSweep(3);
    await run(sweepDir);
    await damage(sweepDir);
    await run(sweepDir);
    expect(results(sweepDir)).toEqual(await uninterrupted(3));
    expect((await inspectSweep(sweepDir)).missing).toEqual([]);
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
      const wanted = complete + 12;
      while (child.exitCode === null && completeShards(sweepDir) < wanted) await new Promise((r) => setTimeout(r, 2));
      if (child.kill("SIGKILL")) kills++;
      await ended;
      const before = complete;
      complete = (await inspectSweep(sweepDir)).complete.size;
      expect(complete).toBeGreaterThan(before);
    }
    expect(kills).toBeGreaterThan(1);
    await run(sweepDir);
    expect(results(sweepDir)).toEqual(await uninterrupted(runs));
  }, 20_000);
});

function completeShards(sweepDir: string): number {
  return readdirSync(sweepDir).filter((name) => /^\d+$/.test(name)).length;
}
