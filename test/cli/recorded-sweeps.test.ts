import { spawn } from "node:child_process";
import { appendFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { filesBelow, start, sweep, workingDirectory } from "./command.ts";

const SMALL = ["trace.requests=30", "hydra.sweep.dir=s"];
const TRACE = "request_id,request_type,application_id,arrival_timestamp,batch_size,prompt_size,token_size\n";

/** Files that a resume must bring back to the same bytes. */
function results(sweepDir: string): Map<string, string> {
  const files = filesBelow(sweepDir);
  for (const name of ["journal.jsonl", "plan.jsonl", "multirun.yaml"]) files.delete(name);
  return files;
}

function column(sweepDir: string, name: string): string[] {
  const [header, ...rows] = readFileSync(join(sweepDir, "runs.csv"), "utf8").trimEnd().split("\n");
  const index = header.split(",").indexOf(name);
  return rows.map((row) => row.split(",")[index]);
}

describe("the same command", () => {
  test("resumes the sweep in its directory, and warns of what is damaged", async () => {
    const cwd = workingDirectory();
    const command = ["-m", "seed=0,1,2", ...SMALL];
    await sweep(cwd, ...command);
    const before = results(join(cwd, "s"));
    appendFileSync(join(cwd, "s/1/summary.csv"), "x");
    rmSync(join(cwd, "s/runs.csv"));
    const { status, stdout, stderr } = await sweep(cwd, ...command, "--json");
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ done: 1, skipped: 2 });
    expect(stderr).toMatch(/damaged, does not count: run 1 \(1\): summary.csv has \d+ bytes, expected/);
    expect(results(join(cwd, "s"))).toEqual(before);
  });

  test("with other jobs is refused, and says where they differ", async () => {
    const cwd = workingDirectory();
    await sweep(cwd, "-m", "seed=0,1", ...SMALL);
    const { status, stderr } = await sweep(cwd, "-m", "seed=0,2", ...SMALL);
    expect(status).toBe(2);
    expect(stderr).toContain("'s' holds another sweep");
    expect(stderr).toContain("job 1 was planned as 'seed=1 trace.requests=30', and is now 'seed=2 trace.requests=30'");
    expect(stderr).toContain("--extend");
  });
});

describe("--extend", () => {
  test("adds the jobs that are new after those recorded, which keep their numbers and results", async () => {
    const cwd = workingDirectory();
    await sweep(cwd, "-m", "seed=1,3", ...SMALL);
    const before = filesBelow(join(cwd, "s/1"));
    const { status, stdout, stderr } = await sweep(cwd, "-m", "--extend", "seed=range(0,5)", ...SMALL, "--json");
    expect(status, stderr).toBe(0);
    expect(stderr).toContain("3 jobs join the 2 recorded");
    expect(JSON.parse(stdout)).toMatchObject({ done: 3, skipped: 2 });
    expect(column(join(cwd, "s"), "seed")).toEqual(["1", "3", "0", "2", "4"]);
    expect(filesBelow(join(cwd, "s/1"))).toEqual(before);
    const again = await sweep(cwd, "-m", "--extend", "seed=range(0,5)", ...SMALL, "--json");
    expect(again.stderr).toContain("all jobs are among the 5 recorded");
    expect(JSON.parse(again.stdout)).toMatchObject({ done: 0, skipped: 5 });
  });

  test("fills packs that were not full", async () => {
    const cwd = workingDirectory();
    const packed = [...SMALL, "results.outputs=[]", "results.packing=4", "-q"];
    await sweep(cwd, "-m", "seed=range(0,6)", ...packed);
    expect((await sweep(cwd, "-m", "--extend", "seed=range(0,10)", ...packed)).status).toBe(0);
    await sweep(cwd, "-m", "seed=range(0,10)", ...packed, "hydra.sweep.dir=whole");
    expect(results(join(cwd, "s"))).toEqual(results(join(cwd, "whole")));
  });

  test("of no sweep is refused", async () => {
    const { status, stderr } = await sweep(workingDirectory(), "-m", "--extend", "seed=0,1", ...SMALL);
    expect(status).toBe(2);
    expect(stderr).toContain("'s' holds no sweep to extend");
  });
});

describe("a resume", () => {
  const trace = (rows: readonly string[]) => `${TRACE}${rows.map((row, i) => `${i},2,0,${row}\n`).join("")}`;
  const commandOf = (path: string) => ["-m", "seed=0,1", "trace=test_trace", `trace.path=${path}`, "hydra.sweep.dir=s"];

  test("refuses a changed trace by its role and name even if nothing is missing; --force-changed runs it anew", async () => {
    const cwd = workingDirectory();
    writeFileSync(join(cwd, "t.csv"), trace(["0,1,100,10"]));
    const first = await sweep(cwd, ...commandOf("t.csv"));
    expect(first.status, first.stderr).toBe(0);
    writeFileSync(join(cwd, "t.csv"), trace(["0,1,100,10", "1,1,50,5"]));
    const refused = await sweep(cwd, "--resume", "s");
    expect(refused.status).toBe(2);
    expect(refused.stderr).toContain("trace 't.csv': the file has changed");
    const { status, stdout, stderr } = await sweep(cwd, "--resume", "s", "--force-changed", "--json");
    expect(status, stderr).toBe(0);
    expect(stderr).toContain("2 jobs have changed and run anew");
    expect(JSON.parse(stdout)).toMatchObject({ done: 2, skipped: 0 });
    expect(column(join(cwd, "s"), "requests")).toEqual(["2", "2"]);
    rmSync(join(cwd, "t.csv"));
    expect((await sweep(cwd, "--resume", "s")).stderr).toContain("trace 't.csv': the file is missing");
  });

  test("refuses results of another format, and runs only changed jobs anew when forced", async () => {
    const cwd = workingDirectory();
    mkdirSync(join(cwd, "own/scheduler"), { recursive: true });
    const shipped = readFileSync(join(import.meta.dirname, "../../conf/scheduler/round_robin.yaml"), "utf8");
    writeFileSync(join(cwd, "own/scheduler/mine.yaml"), shipped);
    const command = ["-m", "-cd", "own", "scheduler=jsq,mine", ...SMALL];
    const first = await sweep(cwd, ...command);
    expect(first.status, first.stderr).toBe(0);
    writeFileSync(join(cwd, "own/scheduler/mine.yaml"), shipped.replace(/submit_task: 0/, "submit_task: 0.5"));
    rmSync(join(cwd, "s/1"), { recursive: true });
    const refused = await sweep(cwd, "--resume", "s");
    expect(refused.status).toBe(2);
    expect(refused.stderr).toMatch(/run 1 \(scheduler=mine .*\): planned as/);
    const { stdout } = await sweep(cwd, "--resume", "s", "--force-changed", "--json");
    expect(JSON.parse(stdout)).toMatchObject({ done: 1, skipped: 1 });
    const plan = join(cwd, "s/plan.jsonl");
    writeFileSync(plan, readFileSync(plan, "utf8").replace(/"resultFormatVersion":\d+/, '"resultFormatVersion":999'));
    expect((await sweep(cwd, "--resume", "s")).stderr).toMatch(/the format of results: planned version 999, now \d+/);
  });

  test("works from any working directory, and after the project was moved", async () => {
    const cwd = workingDirectory();
    mkdirSync(join(cwd, "project"));
    writeFileSync(join(cwd, "project/t.csv"), trace(["0,1,100,10"]));
    await sweep(join(cwd, "project"), ...commandOf("t.csv"));
    const before = results(join(cwd, "project/s"));
    rmSync(join(cwd, "project/s/0"), { recursive: true });
    const { status, stderr } = await sweep(cwd, "--resume", "project/s");
    expect(status, stderr).toBe(0);
    renameSync(join(cwd, "project"), join(cwd, "moved"));
    rmSync(join(cwd, "moved/s/1"), { recursive: true });
    expect((await sweep(cwd, "--resume", "moved/s")).status).toBe(0);
    const ofRuns = (files: Map<string, string>) => [...files].filter(([name]) => !/hydra.yaml|shard.json/.test(name));
    expect(ofRuns(results(join(cwd, "moved/s")))).toEqual(ofRuns(before));
  });
});

describe("a sweep in use", () => {
  test("is shown by `sweep status`, and refused to a second process with owner, host, process and age", async () => {
    const cwd = workingDirectory();
    const running = start(cwd, ["-m", "seed=range(0,400)", "trace.requests=3000", "hydra.sweep.dir=s", "--workers=1"]);
    const statusOf = async () => JSON.parse((await sweep(cwd, "status", "s", "--json")).stdout || "{}");
    let status = await statusOf();
    while (!(status.pace?.runsPerSecond > 0)) status = await statusOf();
    expect(status).toMatchObject({ total: 400, failed: 0, running: 1, owner: { host: hostname() } });
    expect(status.pace.requestsPerSecond).toBeGreaterThan(status.pace.runsPerSecond);
    const second = await sweep(cwd, "--resume", "s");
    expect(second.status).toBe(2);
    expect(second.stderr).toMatch(/in use by process \d+ of \S+ on \S+, for \d+ /);
    running.kill("SIGTERM");
    const { status: exit, stderr } = await running.outcome;
    expect(exit).toBe(130);
    expect(stderr).toContain("SIGTERM: finishing the runs in flight");
    expect(stderr).toContain("go on with: sweep --resume s");
    const { stdout } = await sweep(cwd, "status", "s");
    expect(stdout).toMatch(
      /s: \d+\/400 runs done, 0 failed, 0 running, \d+ left\nno process runs it\ngo on with: sweep/,
    );
  });

  test("stops at once at the second signal and says how to go on", async () => {
    const cwd = workingDirectory();
    const args = ["-m", "seed=0,1", "trace.requests=2000000", "hydra.sweep.dir=s", "results.outputs=[]"];
    const child = spawn(process.execPath, [join(import.meta.dirname, "../../bin/sweep.js"), ...args], { cwd });
    let stderr = "";
    const ended = new Promise((resolve) => child.on("close", resolve));
    for await (const text of child.stderr) {
      stderr += text;
      if (/2 runs\n$/.test(stderr) || stderr.endsWith("stops at once)\n")) child.kill("SIGINT");
    }
    expect(await ended).toBe(130);
    expect(stderr).toMatch(/stopped; go on with: sweep --resume s\n$/);
  });
});

describe("a failing run", () => {
  test("that takes too long is stopped, tried again with its reason, and summarised with id and overrides", async () => {
    const cwd = workingDirectory();
    const args = ["-m", "trace.requests=10,10000000", "end_time=1e9", "hydra.sweep.dir=s", "results.outputs=[]"];
    const { status, stderr } = await sweep(cwd, ...args, "--timeout=3", "--retries=1", "--workers=1");
    expect(status).toBe(1);
    expect(stderr).toContain("run 1 is tried again: the run did not end within 3 s");
    expect(stderr).toMatch(/run 1 [0-9a-f]{16} \(trace.requests=10000000 .*\) failed: the run did not end within 3 s/);
    expect(stderr).toContain("1 runs failed and 0 did not start; go on with: sweep --resume s");
    const { stdout } = await sweep(cwd, "status", "s", "--json");
    expect(JSON.parse(stdout)).toMatchObject({ done: 1, failed: 1, failures: [{ number: 1, code: "SIMULATION" }] });
  });

  test("that exhausts the memory allowed fails alone", async () => {
    const cwd = workingDirectory();
    const args = ["-m", "trace.requests=10,400000", "hydra.sweep.dir=s", "debug=true", "--workers=1", "--memory=48"];
    const { status, stderr } = await sweep(cwd, ...args);
    expect(status).toBe(1);
    expect(stderr).toContain("the worker ran out of memory: its heap limit of 48 MiB is reached");
    expect(column(join(cwd, "s"), "status")).toEqual(["done", "failed"]);
  });

  test("cannot be stopped without worker threads, which is said", async () => {
    const cwd = workingDirectory();
    const { status, stderr } = await sweep(cwd, "-m", "hydra/launcher=inline", "--timeout=1", ...SMALL);
    expect(status).toBe(2);
    expect(filesBelow(cwd).size).toBe(0);
    expect(stderr).toContain("--timeout and --memory need worker threads");
  });
});

test("packing is as results.packing says, and runs with files have directories", async () => {
  const cwd = workingDirectory();
  const names = async (...args: string[]) => {
    rmSync(join(cwd, "s"), { recursive: true, force: true });
    expect((await sweep(cwd, "-m", "seed=0,1,2", ...SMALL, ...args)).status).toBe(0);
    return [...filesBelow(join(cwd, "s")).keys()].filter((name) => name.includes("/"));
  };
  expect(await names("results.outputs=[]", "results.packing=2")).toEqual(["packs/0.jsonl", "packs/1.jsonl"]);
  expect(await names("results.outputs=[]")).toEqual(["0/shard.json", "1/shard.json", "2/shard.json"]);
  expect(await names("results.outputs=[summary]", "results.packing=2")).toContain("2/summary.csv");
});
