import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { start, sweep, workingDirectory } from "../cli/command.ts";
import { isSlurmInstalled, type SlurmCluster, startSlurm } from "../servers/slurm.js";
import { completeRuns, expectSameResults, runReference, startSweep, until } from "./sweeps.ts";

if (!isSlurmInstalled) console.warn("SKIPPED: sweeps on Slurm, as slurm-wlm and munge are not installed");

const RUNS = 12;
const JOBS = [`seed=range(0,${RUNS})`, "trace.requests=1500"];
/** Tasks of many seconds, for those that are to be killed. */
const LONG_RUNS = 6;
const LONG_JOBS = [`seed=range(0,${LONG_RUNS})`, "trace.requests=40000"];
const ON_SLURM = ["hydra/launcher=slurm", "hydra.launcher.runs_per_task=3", "hydra.launcher.poll_interval=0.3"];

describe.skipIf(!isSlurmInstalled)("a sweep on Slurm", () => {
  let cluster: SlurmCluster;
  beforeAll(async () => {
    cluster = await startSlurm();
  }, 90_000);
  afterAll(() => cluster?.stop());

  const tasks = (format: string) =>
    cluster.query("squeue", "--noheader", "--array", `--format=${format}`).split("\n").filter(Boolean);
  /** A task that has been running a run for a moment. */
  const runningTask = async () => {
    const running = () => cluster.query("squeue", "--noheader", "--array", "--states=RUNNING", "--format=%F_%K");
    await until(() => running() !== "");
    return running().split("\n")[0];
  };

  test.each([
    ["a directory each", JOBS],
    ["packed", ["seed=range(0,60)", "trace.requests=5", "results.outputs=[]", "results.packing=20"]],
  ])("has the bytes of one in a single process, and leaves nothing behind: %s", async (_, words) => {
    const cwd = workingDirectory();
    await runReference(cwd, words);
    const { status, stderr } = await startSweep(cwd, "slurm", [...words, ...ON_SLURM], cluster.environment).outcome;
    expect(status, stderr).toBe(0);
    expectSameResults(cwd, "slurm");
    expect(tasks("%F_%K")).toEqual([]);
  });

  test("submits the runs of a killed task again", async () => {
    const cwd = workingDirectory();
    await runReference(cwd, LONG_JOBS);
    const running = startSweep(cwd, "slurm", [...LONG_JOBS, ...ON_SLURM], cluster.environment);
    cluster.query("scancel", "--signal=KILL", "--full", await runningTask());
    const { status, stderr } = await running.outcome;
    expect(status, stderr).toBe(0);
    expect(stderr).toMatch(/Slurm's task \d+_\d+ ended early; its runs are submitted again/);
    expectSameResults(cwd, "slurm");
  });

  test("gives up a run whose task ends again and again, says so, and resumes", async () => {
    const cwd = workingDirectory();
    await runReference(cwd, LONG_JOBS);
    const words = [...LONG_JOBS, ...ON_SLURM, "hydra.launcher.resubmissions=0"];
    const running = startSweep(cwd, "slurm", words, cluster.environment);
    const task = await runningTask();
    // A run that has not begun would not count as tried.
    const report = join(cwd, "slurm/s/slurm-tasks/0", `${task.split("_")[1]}.report.jsonl`);
    await until(() => existsSync(report));
    cluster.query("scancel", task);
    const { status, stderr } = await running.outcome;
    expect(status).toBe(1);
    expect(stderr).toContain(`Slurm's task ${task} ended without its result`);
    const resumed = await start(join(cwd, "slurm"), ["--resume", "s"], cluster.environment).outcome;
    expect(resumed.status, resumed.stderr).toBe(0);
    expectSameResults(cwd, "slurm");
  });

  test("goes on where a killed submitter stopped, and ends the tasks that it left", async () => {
    const cwd = workingDirectory();
    await runReference(cwd, LONG_JOBS);
    const running = startSweep(cwd, "slurm", [...LONG_JOBS, ...ON_SLURM], cluster.environment);
    await until(() => completeRuns(cwd, "slurm", LONG_RUNS) >= 1);
    running.kill("SIGKILL");
    await running.outcome;
    expect(tasks("%F_%K")).not.toEqual([]);
    const resumed = await start(join(cwd, "slurm"), ["--resume", "s"], cluster.environment).outcome;
    expect(resumed.status, resumed.stderr).toBe(0);
    expect(resumed.stderr).toMatch(/ending \d+ Slurm tasks of an earlier session/);
    expectSameResults(cwd, "slurm");
  });

  test("lets the runs in hand end when it is interrupted, and cancels what waits", async () => {
    const cwd = workingDirectory();
    const runs = 200;
    const words = [`seed=range(0,${runs})`, "trace.requests=40000", ...ON_SLURM, "hydra.launcher.runs_per_task=50"];
    const running = startSweep(cwd, "slurm", words, cluster.environment);
    await until(() => completeRuns(cwd, "slurm", runs) >= 1);
    running.kill("SIGINT");
    const { status, stderr } = await running.outcome;
    expect(status, stderr).toBe(130);
    expect(completeRuns(cwd, "slurm", runs)).toBeLessThan(runs);
    while (tasks("%F_%K").length > 0) await wait(100);
  });

  test("reports a failed run with its reason", async () => {
    const cwd = workingDirectory();
    const words = ["trace.requests=200,400000", "--timeout", "1", "--retries", "1", ...ON_SLURM];
    const { status, stderr } = await startSweep(cwd, "slurm", words, cluster.environment).outcome;
    expect(status).toBe(1);
    expect(stderr.match(/the run did not end within 1 s/g)).toHaveLength(2);
    expect(completeRuns(cwd, "slurm", 2)).toBe(1);
  });

  test("says what sbatch says when it refuses", async () => {
    const words = [...JOBS, ...ON_SLURM, "hydra.launcher.partition=nowhere"];
    const { status, stderr } = await startSweep(workingDirectory(), "slurm", words, cluster.environment).outcome;
    expect(status).toBe(1);
    expect(stderr).toMatch(/sbatch: .*invalid partition/i);
  });
});

test("without Slurm's commands a sweep on Slurm says so", async () => {
  const cwd = workingDirectory();
  const words = ["-m", "seed=0,1", "trace.requests=50", "hydra/launcher=slurm"];
  const { status, stderr } = await start(cwd, words, { PATH: "/nowhere" }).outcome;
  expect(status).toBe(2);
  expect(stderr).toContain("hydra/launcher=slurm needs Slurm's command squeue, which is not here.");
});

test("options that are for others to say are refused", async () => {
  const cwd = workingDirectory();
  for (const launcher of ["slurm", "bullmq"]) {
    const { status, stderr } = await sweep(cwd, "-m", "seed=0,1", `hydra/launcher=${launcher}`, "--workers", "2");
    expect([status, stderr]).toEqual([2, expect.stringContaining("--workers")]);
  }
});
