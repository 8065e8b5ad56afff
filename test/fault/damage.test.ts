/** Files of a recorded sweep that are cut, flipped, deleted or torn: the command says so and a resume makes it whole. */
import { appendFileSync, cpSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sweep, temporaryWorkingDirectory, workingDirectory } from "../cli/command.ts";
import { differingFiles } from "./compare.js";

function truncate(path: string): void {
  truncateSync(path, Math.floor(readFileSync(path).length / 2));
}

/** One bit in the middle of the file. */
function flip(path: string): void {
  const bytes = readFileSync(path);
  bytes[Math.floor(bytes.length / 2)] ^= 4;
  writeFileSync(path, bytes);
}

const SWEEPS = [
  {
    name: "with a directory per run",
    overrides: ["seed=range(0,4)", "trace.requests=30"],
    results: ["1/summary.csv", "1/shard.json", "1/.hydra/config.yaml"],
    runsOfAFile: 1,
  },
  {
    name: "packed",
    overrides: ["seed=range(0,9)", "trace.requests=5", "results.outputs=[]", "results.packing=3"],
    results: ["packs/1.jsonl"],
    runsOfAFile: 3,
  },
];

describe.each(SWEEPS)("a sweep $name", ({ overrides, results, runsOfAFile }) => {
  const origin = temporaryWorkingDirectory();
  beforeAll(() => sweep(origin, "-m", ...overrides, "hydra.sweep.dir=s", "--quiet"));
  afterAll(() => rmSync(origin, { recursive: true }));
  /** A working directory with the undamaged sweep in `s`. */
  const copyOfSweep = () => {
    const cwd = workingDirectory();
    cpSync(join(origin, "s"), join(cwd, "s"), { recursive: true });
    return cwd;
  };

  test.each([
    ["truncated", truncate, true],
    ["flipped in one bit", flip, true],
    ["deleted", (path: string) => rmSync(path), false],
  ])("does again only the runs of a file that was %s, and ends with the same bytes", async (_, damage, isSeen) => {
    const cwd = copyOfSweep();
    for (const name of results) {
      damage(join(cwd, "s", name));
      const status = JSON.parse((await sweep(cwd, "status", "s", "--verify", "--json")).stdout);
      const missing = status.total - status.done;
      expect(missing, name).toBeGreaterThan(0);
      expect(missing, name).toBeLessThanOrEqual(runsOfAFile);
      const resumed = await sweep(cwd, "--resume", "s", "--quiet", "--json");
      expect(resumed.status, resumed.stderr).toBe(0);
      if (isSeen) expect(resumed.stderr).toMatch(/damaged, does not count: /);
      expect(JSON.parse(resumed.stdout), name).toMatchObject({ done: missing, skipped: status.done });
      expect(differingFiles(join(origin, "s"), join(cwd, "s")), name).toEqual([]);
    }
  });

  test.each([
    ["torn", (path: string) => truncate(path)],
    ["followed by half a line", (path: string) => appendFileSync(path, '{"number":1,"runId":"')],
    [
      "filled with other bytes",
      (path: string) => writeFileSync(path, Buffer.from("\0\xff\n{}\n[1]\nnull\n", "latin1")),
    ],
    ["deleted", (path: string) => rmSync(path)],
  ])("does nothing again when its journal was %s", async (_, damage) => {
    const cwd = copyOfSweep();
    damage(join(cwd, "s/journal.jsonl"));
    const resumed = await sweep(cwd, "--resume", "s", "--quiet", "--json");
    expect(resumed.status, resumed.stderr).toBe(0);
    expect(JSON.parse(resumed.stdout)).toMatchObject({ done: 0 });
    expect(differingFiles(join(origin, "s"), join(cwd, "s"))).toEqual([]);
    const lines = readFileSync(join(cwd, "s/journal.jsonl"), "utf8").trimEnd().split("\n");
    const done = lines.filter((line) => line.includes('"status":"done"')).map((line) => JSON.parse(line).number);
    expect(new Set(done).size).toBe(done.length);
    expect(done.length).toBe(overrides[0] === "seed=range(0,4)" ? 4 : 9);
  });
});
