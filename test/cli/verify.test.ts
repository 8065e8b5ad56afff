import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { sweep, workingDirectory } from "./command.ts";

const HEADER = "request,in,out,arrival,first_scheduled,first_token,finished";

function engineFile(cwd: string, rows: readonly string[]): void {
  writeFileSync(join(cwd, "engine.csv"), [HEADER, ...rows, ""].join("\n"));
}

/** Requests that overlap, not in the order of their arrival. */
const ROWS = ["late,300,20,2,2.1,3,6", "early,1500,40,0,0,1.5,5", "middle,800,1,0.5,0.6,1.5,1.5"];

async function verified(cwd: string, ...words: string[]) {
  const { status, stdout, stderr } = await sweep(
    cwd,
    "verify",
    "metrics",
    "--engine",
    "engine.csv",
    "--json",
    ...words,
  );
  expect(status, stderr).toBe(0);
  return JSON.parse(stdout);
}

interface Sides {
  readonly request: string;
  readonly metrics: Record<string, { readonly engine: number; readonly sim: number }>;
}

describe("sweep verify metrics", () => {
  test("simulates the recorded requests in the configuration of the overrides", async () => {
    const cwd = workingDirectory();
    engineFile(cwd, ROWS);
    const { requests, summary } = await verified(cwd, "cluster=dgx-h100", "start_state=orca");
    expect(requests.map(({ request }: Sides) => request)).toEqual(["late", "early", "middle"]);
    expect(Object.keys(summary)).toEqual(["queue_time", "ttft", "tpot", "e2e"]);
    expect(requests[1].metrics.ttft).toMatchObject({ engine: 1.5, sim: expect.any(Number) });
    expect(summary.tpot.requests).toBe(2);
  });

  test("finds no error in what it simulated itself", async () => {
    const cwd = workingDirectory();
    engineFile(cwd, ROWS);
    const arrivals = { late: 2, early: 0, middle: 0.5 };
    const first = await verified(cwd, "cluster=dgx-h100");
    const rows = first.requests.map(
      ({ request, metrics: { queue_time, ttft, e2e }, ...lengths }: Sides & Record<string, number>) => {
        const arrival = arrivals[request as keyof typeof arrivals];
        const instants = [queue_time, ttft, e2e].map(({ sim }) => arrival + sim);
        return [request, lengths.in_tokens, lengths.out_tokens, arrival, ...instants].join(",");
      },
    );
    engineFile(cwd, rows);
    const { summary } = await verified(cwd, "cluster=dgx-h100");
    expect(summary.ttft.error_abs_mean_percent).toBeLessThan(1e-9);
    expect(summary.e2e.error_abs_mean_percent).toBeLessThan(1e-9);
  });

  test("compares with the folder of a finished run", async () => {
    const cwd = workingDirectory();
    writeFileSync(
      join(cwd, "trace.csv"),
      "request_id,request_type,application_id,arrival_timestamp,batch_size,prompt_size,token_size\n0,2,0,0,1,100,5\n1,2,0,1,1,200,6\n",
    );
    expect((await sweep(cwd, "trace.path=trace.csv", "output_dir=run")).status).toBe(0);
    engineFile(cwd, ["0,100,5,0,0,1,2", "1,200,6,1,1,2,3"]);
    const { stdout, status } = await sweep(
      cwd,
      "verify",
      "metrics",
      "--engine",
      "engine.csv",
      "--sim",
      "run",
      "--requests",
    );
    expect(status).toBe(0);
    expect(stdout).toMatch(/^ttft +2 +1\.000 /m);
    expect(stdout).toMatch(/^1 +200 +6 /m);
  });

  test.each([
    [["metrics"], /--engine is missing/],
    [["metrics", "--engine", "nothing.csv"], /Cannot read 'nothing.csv'/],
    [["metrics", "--engine", "engine.csv", "--sim", "."], /no folder of a run/],
    [["metrics", "--engine", "engine.csv", "--sim", "engine.csv", "seed=1"], /exclude each other/],
    [["metrics", "--engine", "engine.csv", "cluster=no"], /no config 'cluster\/no'/],
    [["metric"], /Did you mean 'metrics'/],
    [["tokens", "--engine", "engine.csv", "--sim", "engine.csv"], /no JSON/],
  ])("%j ends with status 2 and says why", async (words, message) => {
    const cwd = workingDirectory();
    engineFile(cwd, ROWS);
    const { status, stderr } = await sweep(cwd, "verify", ...words);
    expect(status).toBe(2);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});

test("sweep verify tokens shows the first pass that differs, and ends with status 1", async () => {
  const cwd = workingDirectory();
  writeFileSync(join(cwd, "engine.json"), '[{"a": 512}, {"a": 488, "b": 24}, {"a": 1}]');
  writeFileSync(join(cwd, "sim.json"), '[{"a": 512}, {"a": 488, "c": 24}]');
  const words = ["verify", "tokens", "--engine", "engine.json", "--sim"];
  const { status, stdout } = await sweep(cwd, ...words, "sim.json");
  expect(status).toBe(1);
  expect(stdout.split("\n")).toEqual([
    "Pass 1 (from 0) differs:",
    "  b: 24 tokens, only in the engine",
    "  c: 24 tokens, only in the simulation",
    "The engine has 3 passes, 1 more than the simulation.",
    "",
  ]);
  expect(await sweep(cwd, ...words, "engine.json")).toMatchObject({
    status: 0,
    stdout: "All 3 passes are the same.\n",
  });
});

describe("sweep verify tokens simulates the configuration's trace", () => {
  /** VllmSimulator's passes of five requests of 100 + 10 tokens that arrive one per pass: 15 passes, totals 100 to 104, 5, ... 1. */
  function fiveSequential(cwd: string): void {
    const passes = Array.from({ length: 15 }, (_, pass) => {
      const tokens = Array.from({ length: 5 }, (_, request) => {
        const own = pass - request;
        return own < 0 || own > 10 ? undefined : own === 0 ? 100 : 1;
      });
      return Object.fromEntries(tokens.flatMap((count, request) => (count === undefined ? [] : [[request, count]])));
    });
    writeFileSync(join(cwd, "passes.json"), JSON.stringify(passes));
  }
  const WORDS = ["verify", "tokens", "--engine", "passes.json", "+experiment=vllm/workloads/5_sequential_100_in"];

  test("and finds VllmSimulator's passes in its mode", async () => {
    const cwd = workingDirectory();
    fiveSequential(cwd);
    const { status, stdout, stderr } = await sweep(cwd, ...WORDS, "compat=vllm_simulator");
    expect(stdout, stderr).toBe("All 15 passes are the same.\n");
    expect(status).toBe(0);
  });

  test("or is compared with the folder of a run that logged its passes", async () => {
    const cwd = workingDirectory();
    fiveSequential(cwd);
    const run = await sweep(cwd, WORDS[4], "compat=vllm_simulator", "debug=true", "output_dir=run");
    expect(run.status, run.stderr).toBe(0);
    expect(await sweep(cwd, ...WORDS.slice(0, 4), "--sim", "run")).toMatchObject({ status: 0 });
    expect((await sweep(cwd, ...WORDS.slice(0, 4), "--sim", ".")).stderr).toContain("debug=true");
  });

  test("and that V1 needs a pass less for each request", async () => {
    const cwd = workingDirectory();
    fiveSequential(cwd);
    const { status, stdout } = await sweep(cwd, ...WORDS, "engine=vllm_v1");
    expect(status).toBe(1);
    expect(stdout).toBe(
      "Pass 10 (from 0) differs:\n  0: 1 tokens, only in the engine\n" +
        "The engine has 15 passes, 1 more than the simulation.\n",
    );
  });

  test("or says that the engine has no passes", async () => {
    const cwd = workingDirectory();
    fiveSequential(cwd);
    const { status, stderr } = await sweep(cwd, ...WORDS.slice(0, 4), "cluster=solo_h100", "trace.requests=2");
    expect(status).toBe(2);
    expect(stderr).toContain("engine=vllm_v1");
  });
});
