import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { inlineLauncher } from "../../src/sweep/launchers/inline.ts";
import type { Launcher, RunOutcome } from "../../src/sweep/launchers/launcher.ts";
import { threadWorker } from "../../src/sweep/launchers/thread-worker.ts";
import { threadsLauncher } from "../../src/sweep/launchers/threads.ts";
import type { RunTask } from "../../src/sweep/run-task.ts";
import { filesBelow, temporaryDirectory } from "../results/temporary-directory.ts";
import { compileSources } from "./compiled-sources.ts";
import { type PretendedSpec, pretendedRun } from "./fixtures/pretended-run.ts";

const compiled = compileSources();
afterAll(() => rmSync(compiled.directory, { recursive: true, force: true }));
const workerUrl = compiled.url("test/sweep/fixtures/worker.ts");

function tasksOf(specs: readonly Omit<PretendedSpec, "seed">[]): RunTask[] {
  const directory = temporaryDirectory();
  return specs.map((spec, number) => ({
    number,
    runId: `id-${number}`,
    outputDir: join(directory, String(number)),
    overrides: [],
    spec: { seed: number, ...spec },
  }));
}

async function launch(
  launcher: Launcher,
  tasks: readonly RunTask[],
  options: { retries?: number; signal?: AbortSignal } = {},
) {
  const outcomes: RunOutcome[] = [];
  await launcher.launch(tasks, { taskCount: tasks.length, ...options, onOutcome: (outcome) => outcomes.push(outcome) });
  return outcomes.sort((a, b) => a.task.number - b.task.number);
}

const LAUNCHERS: readonly [name: string, launcher: Launcher][] = [
  ["inline", inlineLauncher(pretendedRun)],
  ["threads (1)", threadsLauncher({ workerUrl, threads: 1 })],
  ["threads (all)", threadsLauncher({ workerUrl })],
];

describe.each(LAUNCHERS)("launcher %s", (_, launcher) => {
  it("runs every task once, and every shard is there when it is reported", async () => {
    const tasks = tasksOf([{ milliseconds: 20 }, {}, {}, { milliseconds: 5 }, {}]);
    const outcomes = await launch(launcher, tasks);
    expect(outcomes.map(({ task }) => task.number)).toEqual([0, 1, 2, 3, 4]);
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({
        result: { runId: outcome.task.runId, metrics: { unfinished: outcome.task.number } },
      });
      expect(Object.keys(filesBelow(outcome.task.outputDir!))).toContain("shard.json");
    }
  });

  it("does nothing for no task", async () => {
    expect(await launch(launcher, [])).toEqual([]);
  });

  it("reports a failing run with code, message and hint, and goes on with the others", async () => {
    const outcomes = await launch(launcher, tasksOf([{}, { behaviour: "fail" }, { behaviour: "bug" }, {}]));
    expect(outcomes[1]).toMatchObject({
      failure: { code: "SIMULATION", message: "run 1 is stuck", hint: "add servers" },
    });
    expect(outcomes[2]).toMatchObject({
      failure: { code: "INTERNAL", message: expect.stringContaining("not a function") },
    });
    expect(outcomes.filter((outcome) => "result" in outcome).length).toBe(2);
  });

  it("tries a failing run again as often as asked", async () => {
    const once = { behaviour: "fail once" } as const;
    expect((await launch(launcher, tasksOf([once]), { retries: 1 }))[0]).toHaveProperty("result");
    expect((await launch(launcher, tasksOf([once]), { retries: 0 }))[0]).toHaveProperty("failure");
    expect((await launch(launcher, tasksOf([{ behaviour: "fail" }]), { retries: 2 }))[0]).toHaveProperty("failure");
  });

  it("starts nothing after an abort, and finishes what is in flight", async () => {
    const controller = new AbortController();
    const tasks = tasksOf(Array.from({ length: 20 }, () => ({ milliseconds: 10 })));
    const started = new Set<number>();
    function* drawn() {
      for (const task of tasks) {
        started.add(task.number);
        yield task;
      }
    }
    const ended = new Set<number>();
    await launcher.launch(drawn(), {
      taskCount: tasks.length,
      signal: controller.signal,
      onOutcome: ({ task }) => {
        ended.add(task.number);
        if (ended.size === 2) controller.abort();
      },
    });
    expect(ended).toEqual(started);
    expect(ended.size).toBeLessThan(20);
  });

  it("rejects with the error of its listener, once the runs in flight have ended", async () => {
    const tasks = tasksOf([{}, { milliseconds: 10 }, {}, {}, {}, {}, {}, {}, {}]);
    let calls = 0;
    const launched = launcher.launch(tasks, {
      taskCount: tasks.length,
      onOutcome: () => {
        calls++;
        if (calls === 1) throw new Error("disk full");
      },
    });
    await expect(launched).rejects.toThrow("disk full");
    expect(calls).toBeLessThan(tasks.length);
  });
});

describe("the threads launcher", () => {
  it.each([
    ["exits", "exit", /^the worker died: /],
    ["exhausts its heap", "exhaust memory", /^the worker ran out of memory: its heap limit of 32 MiB/],
  ] as const)("fails only the run whose worker %s", async (_, behaviour, message) => {
    const launcher = threadsLauncher({ workerUrl, threads: 2, maxHeapMebibytes: 32 });
    const outcomes = await launch(launcher, tasksOf([{}, { behaviour }, {}, {}]));
    expect(outcomes[1]).toMatchObject({ failure: { code: "SIMULATION", message: expect.stringMatching(message) } });
    expect(outcomes.filter((outcome) => "result" in outcome).length).toBe(3);
  });

  it.each([
    ["exits", "exit", undefined],
    ["hangs", "hang", 1],
    ["throws", "fail", undefined],
  ] as const)(
    "gives short runs to workers in batches, and fails only the one that %s",
    async (_, behaviour, timeout) => {
      const launcher = threadsLauncher({ workerUrl, threads: 2, timeoutSeconds: timeout });
      const retried: number[] = [];
      const tasks = tasksOf(Array.from({ length: 200 }, (_, number) => (number === 120 ? { behaviour } : {})));
      const outcomes: RunOutcome[] = [];
      await launcher.launch(tasks, {
        taskCount: tasks.length,
        retries: 1,
        onRetry: ({ number }) => retried.push(number),
        onOutcome: (outcome) => outcomes.push(outcome),
      });
      expect(outcomes.map(({ task }) => task.number).sort((a, b) => a - b)).toEqual(tasks.map(({ number }) => number));
      expect(outcomes.filter((outcome) => "failure" in outcome).map(({ task }) => task.number)).toEqual([120]);
      expect(retried).toEqual([120]);
    },
  );

  it("stops a run that takes too long", async () => {
    const launcher = threadsLauncher({ workerUrl, threads: 1, timeoutSeconds: 1 });
    const outcomes = await launch(launcher, tasksOf([{ behaviour: "hang" }, {}]));
    expect(outcomes[0]).toMatchObject({ failure: { message: "the run did not end within 1 s" } });
    expect(outcomes[1]).toHaveProperty("result");
  });

  it("reports a worker file that is not there as the failure of every run", async () => {
    const launcher = threadsLauncher({ workerUrl: compiled.url("no-such-worker.ts"), threads: 1 });
    const outcomes = await launch(launcher, tasksOf([{}, {}]));
    for (const outcome of outcomes)
      expect(outcome).toMatchObject({ failure: { message: expect.stringContaining("no-such-worker") } });
  });

  it("has a worker function that never rejects", async () => {
    const [task] = tasksOf([{ behaviour: "fail" }]);
    expect(await threadWorker(pretendedRun)([task])).toMatchObject([{ failure: { hint: "add servers" } }]);
  });
});
