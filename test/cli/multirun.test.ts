import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { filesBelow, start, sweep, workingDirectory } from "./command.ts";

const SMALL = ["cluster=half_half", "trace.requests=60"];

/** Files that must not depend on how a sweep was run: all but its books, and what records where it was run. */
function results(sweepDir: string): Map<string, string> {
  const files = filesBelow(sweepDir);
  for (const name of files.keys()) {
    if (["journal.jsonl", "plan.jsonl", "multirun.yaml"].includes(name) || /(hydra.yaml|shard.json)$/.test(name)) {
      files.delete(name);
    }
  }
  return files;
}

test("the README's main job prints a row per seed and their mean, and keeps a directory per run", async () => {
  const cwd = workingDirectory();
  const { status, stdout, stderr } = await sweep(cwd, "--multirun", "seed=0,1,2", "cluster=half_half");
  expect(status).toBe(0);
  expect(stdout).toMatch(/^ +0 0 +2000 +0 /m);
  expect(stdout).toMatch(/^ +2 2 +2000 +0 /m);
  expect(stdout).toContain("95 % confidence interval");
  expect(stderr).toContain("3/3 runs");
  const sweepDir = join(cwd, stdout.match(/^Sweep: +(\S+)$/m)?.[1] ?? "");
  const files = filesBelow(sweepDir);
  for (const run of ["0", "1", "2"]) {
    for (const name of [
      "summary.csv",
      "detailed/0.csv",
      "detailed/0_alloc.csv",
      "request_nodes.csv",
      ".hydra/config.yaml",
    ]) {
      expect([...files.keys()]).toContain(`${run}/${name}`);
    }
  }
  expect(files.get("runs.csv")?.split("\n")[0]).toMatch(/^number,run_id,seed,.*ttft_p99/);
  expect(files.get("0/detailed/0.csv")).not.toBe(files.get("1/detailed/0.csv"));
});

test("the same seeds give the same bytes with 1, 2 and 4 workers and without threads", async () => {
  const cwd = workingDirectory();
  const ways = [["--workers=1"], ["--workers=2"], ["--workers=4"], ["hydra/launcher=inline"]];
  const [first, ...others] = await Promise.all(
    ways.map(async (way, index) => {
      const dir = `s${index}`;
      const overrides = ["seed=0,1,2,3", "scheduler=random,jsq", ...SMALL, `hydra.sweep.dir=${dir}`];
      expect((await sweep(cwd, "-m", ...way, ...overrides)).status).toBe(0);
      return results(join(cwd, dir));
    }),
  );
  expect(first.size).toBeGreaterThan(8 * 8);
  for (const other of others) expect(other).toEqual(first);
});

test("a resume runs only what is missing and ends with the same bytes", async () => {
  const cwd = workingDirectory();
  await sweep(cwd, "-m", "seed=0,1,2", ...SMALL, "hydra.sweep.dir=s");
  const before = results(join(cwd, "s"));
  rmSync(join(cwd, "s/1"), { recursive: true });
  rmSync(join(cwd, "s/runs.csv"));
  const { status, stdout } = await sweep(cwd, "--resume", "s", "--json");
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ done: 1, skipped: 2, failed: [] });
  expect(results(join(cwd, "s"))).toEqual(before);
});

test("an interrupted sweep exits with 130, says how to go on, and its resume completes it", async () => {
  const cwd = workingDirectory();
  const running = start(cwd, ["-m", "seed=range(0,40)", "trace.requests=3000", "hydra.sweep.dir=s", "--workers=1"]);
  while (!readdirSync(cwd).includes("s") || !readdirSync(join(cwd, "s")).includes("2")) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  running.kill("SIGINT");
  const { status, stderr } = await running.outcome;
  expect(status).toBe(130);
  expect(stderr).toContain("sweep --resume s");
  const { stdout } = await sweep(cwd, "--resume", "s", "--json");
  const resumed = JSON.parse(stdout);
  expect(resumed.skipped).toBeGreaterThan(0);
  expect(resumed.skipped + resumed.done).toBe(40);
});

test("a resume refuses runs whose configuration changed", async () => {
  const cwd = workingDirectory();
  await sweep(cwd, "-m", "seed=0,1", ...SMALL, "hydra.sweep.dir=s", "+note=${oc.env:NOTE,a}");
  rmSync(join(cwd, "s/1"), { recursive: true });
  process.env.NOTE = "b";
  try {
    const { status, stderr } = await sweep(cwd, "--resume", "s");
    expect(status).toBe(2);
    expect(stderr).toContain('note: planned "a", now "b"');
    expect(stderr).toContain("--force-changed");
  } finally {
    delete process.env.NOTE;
  }
});

test("a dry run lists number, run id, state, directory and overrides of every job and writes nothing", async () => {
  const cwd = workingDirectory();
  await sweep(cwd, "-m", "seed=0", ...SMALL, "hydra.sweep.dir=s");
  const before = filesBelow(cwd);
  const { status, stdout } = await sweep(cwd, "-m", "--dry-run", "seed=0,1", ...SMALL, "hydra.sweep.dir=s");
  expect(status).toBe(0);
  const lines = stdout
    .trimEnd()
    .split("\n")
    .map((line) => line.split("\t"));
  expect(lines.map(([number, , state, dir, overrides]) => [number, state, dir, overrides])).toEqual([
    ["0", "done", "s/0", "seed=0 cluster=half_half trace.requests=60"],
    ["1", "todo", "s/1", "seed=1 cluster=half_half trace.requests=60"],
  ]);
  expect(lines[0][1]).toMatch(/^[0-9a-f]{16}$/);
  expect(lines[0][1]).not.toBe(lines[1][1]);
  expect(filesBelow(cwd)).toEqual(before);
});

test("jobs that are not valid stop a sweep before anything is written", async () => {
  const cwd = workingDirectory();
  const { status, stderr } = await sweep(cwd, "-m", "seed=0,1", "cluster.servers.0.count=1,2.5");
  expect(status).toBe(2);
  expect(stderr).toContain("cluster.servers.0.count: found 2.5, expected integer");
  expect(readdirSync(cwd)).toEqual([]);
});

test.each([
  ["no instances", "start_state=unallocated,baseline"],
  ["an empty pool", "scheduler=mixed_pool,kv_jsq"],
])("%s stop a sweep before anything is written", async (_title, override) => {
  const cwd = workingDirectory();
  const { status, stderr } = await sweep(cwd, "-m", override);
  expect(status).toBe(2);
  expect(stderr).toContain("No instances available");
  expect(readdirSync(cwd)).toEqual([]);
});

test("a sweep of 1,000 runs keeps summary rows only, says so, and a resume keeps to it", {
  timeout: 120_000,
}, async () => {
  const cwd = workingDirectory();
  const args = ["-m", "seed=range(0,1000)", "trace.requests=1", "hydra.sweep.dir=large", "--quiet"];
  const { status, stderr } = await sweep(cwd, ...args);
  expect(status, stderr).toBe(0);
  expect(stderr).toContain("1000 runs: each keeps its row of runs.csv and no files");
  const before = filesBelow(join(cwd, "large"));
  expect([...before.keys()]).toEqual([
    "journal.jsonl",
    "multirun.yaml",
    "origins.tsv",
    "packs/0.jsonl",
    "plan.jsonl",
    "runs.csv",
  ]);
  rmSync(join(cwd, "large/packs"), { recursive: true });
  rmSync(join(cwd, "large/runs.csv"));
  const resumed = await sweep(cwd, "--resume", "large", "--quiet");
  expect(resumed.status).toBe(0);
  expect(resumed.stderr).toContain("packs/0.jsonl: 1000 rows that were complete are lost");
  const after = filesBelow(join(cwd, "large"));
  for (const name of ["runs.csv", "packs/0.jsonl"]) expect(after.get(name)).toBe(before.get(name));
  expect([...after.keys()]).toEqual([...before.keys()]);
});
