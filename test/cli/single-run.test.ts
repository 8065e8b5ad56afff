import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { filesBelow, sweep, workingDirectory } from "./command.ts";

test("a run writes into output_dir and prints its figures", async () => {
  const cwd = workingDirectory();
  const { status, stdout } = await sweep(cwd, "trace.requests=50", "output_dir=out", "seed=7");
  expect(status).toBe(0);
  expect(stdout).toContain("Results: out");
  expect([...filesBelow(join(cwd, "out")).keys()]).toEqual([
    ".hydra/config.yaml",
    ".hydra/hydra.yaml",
    ".hydra/origins.tsv",
    ".hydra/overrides.yaml",
    "detailed/0.csv",
    "detailed/0_alloc.csv",
    "request_nodes.csv",
    "schedulers/0.csv",
    "server.csv",
    "shard.json",
    "simulator.csv",
    "summary.csv",
  ]);
  expect(readFileSync(join(cwd, "out/.hydra/overrides.yaml"), "utf8")).toBe(
    "- trace.requests=50\n- output_dir=out\n- seed=7\n",
  );
});

// The override list of SplitwiseSim's README, word for word.
test("the overrides of SplitwiseSim's README work as they are", async () => {
  const cwd = workingDirectory();
  const { status, stderr } = await sweep(
    cwd,
    ...(
      "applications.0.scheduler=token_jsq cluster=half_half cluster.servers.0.count=0 cluster.servers.1.count=1 " +
      "start_state=baseline performance_model=db trace.filename=test_trace debug=True seed=0 output_dir=out"
    ).split(" "),
  );
  expect(stderr).toBe("");
  expect(status).toBe(0);
  expect(readdirSync(join(cwd, "out/instances/0"))).toEqual(["0.csv"]);
});

test("scheduler=NAME and applications.0.scheduler=NAME choose the same scheduler", async () => {
  const cwd = workingDirectory();
  const run = async (override: string, dir: string) => {
    const overrides = ["cluster=dgx-h100", "cluster.servers.1.count=3", "trace.requests=80", "trace.rate=20"];
    expect((await sweep(cwd, override, ...overrides, `output_dir=${dir}`)).status).toBe(0);
    return readFileSync(join(cwd, dir, "detailed/0.csv"), "utf8");
  };
  const byGroup = await run("scheduler=round_robin", "a");
  expect(await run("applications.0.scheduler=round_robin", "b")).toBe(byGroup);
  expect(await run("scheduler=jsq", "c")).not.toBe(byGroup);
});

test("--json prints the metrics of the run and nothing else", async () => {
  const { stdout } = await sweep(workingDirectory(), "trace.requests=20", "--json");
  const result = JSON.parse(stdout);
  expect(result.metrics.completed).toBe(20);
  expect(result.runId).toMatch(/^[0-9a-f]{16}$/);
});

test("a trace in a file is read whatever trace option is chosen", async () => {
  const cwd = workingDirectory();
  writeFileSync(join(cwd, "mine.csv"), "arrival_timestamp,prompt_size,token_size\n0,100,5\n0.5,200,1\n");
  for (const option of ["azure_conv", "test_trace", "gamma"]) {
    const { status, stdout } = await sweep(cwd, `trace=${option}`, "trace.dir=.", "trace.filename=mine", "--json");
    expect(status).toBe(0);
    expect(JSON.parse(stdout).metrics.completed).toBe(2);
  }
});

test("unfinished requests are counted and explained", async () => {
  const { status, stdout, stderr } = await sweep(workingDirectory(), "end_time=10", "--json");
  expect(status).toBe(0);
  const { requests, completed, unfinished } = JSON.parse(stdout).metrics;
  expect(completed + unfinished).toBe(requests);
  expect(unfinished).toBeGreaterThan(0);
  expect(stderr).toContain(`${unfinished} requests were unfinished at end_time = 10 s`);
});

test.each([
  ["cannot be made", "/proc/servesweep/run", "cannot write to '/proc/servesweep/run'"],
  ["holds files of somebody else", "mine", "holds summary.csv, and no run that has written it"],
])("an output directory that %s is refused before anything is simulated", async (_, directory, message) => {
  const cwd = workingDirectory();
  mkdirSync(join(cwd, "mine"));
  writeFileSync(join(cwd, "mine/summary.csv"), "mine");
  // Ten million requests would take half a minute.
  const { status, stderr } = await sweep(cwd, `output_dir=${directory}`, "trace.requests=10000000");
  expect(status).toBe(1);
  expect(stderr).toContain(message);
  expect(readFileSync(join(cwd, "mine/summary.csv"), "utf8")).toBe("mine");
});
