import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { openWorkspace } from "../../src/inputs/workspace.ts";
import { filesBelow, sweep, workingDirectory } from "../cli/command.ts";

const PROJECT = fileURLToPath(new URL("../../", import.meta.url));
const ORIGINAL = join(PROJECT, "../shared/data/splitwise/configs");

/** A configuration of SplitwiseSim's classes and keys only; the groups that it lacks come from ours. */
const CONFIG: ReadonlyMap<string, string> = new Map([
  [
    "config.yaml",
    `defaults:
  - cluster: half_half
  - router: noop
  - arbiter: noop
  - hardware_repo: default
  - model_repo: default
  - orchestrator_repo: default
  - performance_model: db
  - power_model: constant
  - applications: mine
  - trace: mine
  - start_state: mine
  - override hydra/launcher: ray
  - _self_
end_time: 86400
debug: false
seed: 0
output_dir: results/\${seed}
hydra:
  run: {dir: "\${output_dir}"}
  sweep: {dir: "", subdir: "\${output_dir}"}
  launcher: {ray: {init: {address: "10.0.0.1:6379"}}}
`,
  ],
  [
    "applications/mine.yaml",
    `- _target_: application.Application
  application_id: 0
  model_architecture: llama2-70b
  model_size: llama2-70b-fp16
  allocator: noop
  scheduler: random
  overheads: {}
  debug: \${debug}
`,
  ],
  ["trace/mine.yaml", "dir: traces/\nfilename: code_r10_n600\npath: ${trace.dir}${trace.filename}.csv\n"],
  [
    "start_state/mine.yaml",
    `state_type: baseline
application_id: 0
instance:
  instance_type: Splitwise
  max_batch_size: 512
  max_batch_tokens: 2048
  max_preemptions: 4
  pipeline_parallelism: 1
  tensor_parallelism: 8
`,
  ],
]);

/** The same run of our own configuration. */
const SAME_OF_OURS = [
  ...[
    "cluster=half_half",
    "performance_model=db",
    "applications=llama2-70b",
    "scheduler=random",
    "start_state=baseline",
  ],
  ...["trace.filename=code_r10_n600", "trace.dir=traces"],
];

function originalConfig(): string {
  const cwd = workingDirectory();
  for (const [name, text] of CONFIG) {
    mkdirSync(dirname(join(cwd, "configs", name)), { recursive: true });
    writeFileSync(join(cwd, "configs", name), text);
  }
  return cwd;
}

async function resultsOf(cwd: string, dir: string, ...words: string[]): Promise<string[]> {
  const { status, stderr } = await sweep(cwd, ...words, `output_dir=${dir}`);
  expect(status, stderr).toBe(0);
  return ["detailed/0.csv", "request_nodes.csv", "simulator.csv"].map((name) =>
    readFileSync(join(cwd, dir, name), "utf8"),
  );
}

describe("a configuration of SplitwiseSim's classes", () => {
  test("runs as ours does with compat=splitwise, and says so", async () => {
    const cwd = originalConfig();
    const { stderr } = await sweep(cwd, "-cp", "configs");
    expect(stderr).toContain("imply compat=splitwise");
    const theirs = await resultsOf(cwd, "theirs", "-cp", "configs", "seed=3");
    expect(theirs).toEqual(await resultsOf(cwd, "ours", "compat=splitwise", "seed=3", ...SAME_OF_OURS));
  });

  test("runs as ours does with compat=none, if +compat=none is given", async () => {
    const cwd = originalConfig();
    const { stderr } = await sweep(cwd, "-cp", "configs", "+compat=none");
    expect(stderr).not.toContain("compat=splitwise");
    const theirs = await resultsOf(cwd, "theirs", "-cp", "configs", "+compat=none");
    const ours = await resultsOf(cwd, "ours", "compat=none", ...SAME_OF_OURS);
    expect(theirs).toEqual(ours);
    expect(theirs).not.toEqual(await resultsOf(cwd, "exact", "-cp", "configs"));
  });

  test("keeps the settings that overrides add", async () => {
    const cwd = originalConfig();
    const drawn = await resultsOf(cwd, "a", "-cp", "configs", "+compat.numpy_seed=5");
    expect(drawn).toEqual(await resultsOf(cwd, "b", "compat=splitwise", "compat.numpy_seed=5", ...SAME_OF_OURS));
    expect(drawn).not.toEqual(await resultsOf(cwd, "c", "-cp", "configs"));
  });

  test("sweeps below results/sweeps, though its hydra.sweep.dir is empty", async () => {
    const cwd = originalConfig();
    const { status } = await sweep(cwd, "-cp", "configs", "-m", "seed=1,2", "-q");
    expect(status).toBe(0);
    const summaries = [...filesBelow(cwd).keys()].filter((name) => name.endsWith("summary.csv"));
    expect(summaries.map((name) => name.replace(/sweeps\/[^/]*\//, ""))).toEqual([
      "results/results/1/summary.csv",
      "results/results/2/summary.csv",
    ]);
  });

  test("is validated like ours, with the position of a mistake", async () => {
    const cwd = originalConfig();
    writeFileSync(join(cwd, "configs/start_state/mine.yaml"), "state_type: baseline\ninstance: {max_batch_siz: 4}\n");
    const { status, stderr } = await sweep(cwd, "-cp", "configs");
    expect(status).toBe(2);
    expect(stderr).toContain("configs/start_state/mine.yaml:2:");
    expect(stderr).toContain("Did you mean 'max_batch_size'");
  });
});

// Skipped where the folder with SplitwiseSim's own configuration is absent.
describe.skipIf(!existsSync(ORIGINAL))("SplitwiseSim's own configuration", () => {
  const FREE_VARIABLES = ["+sweep=5", "+fname=rr_conv", "+trace_sweep=70", "+prompt_sweep=2", "+token_sweep=3"];

  test("composes with each of its experiments", () => {
    const { composer } = openWorkspace({ configPath: ORIGINAL });
    const names = [...filesBelow(join(ORIGINAL, "experiment")).keys()].map((name) => name.replace(".yaml", ""));
    expect(names.length).toBeGreaterThan(15);
    for (const name of names) {
      expect(composer.compose([`+experiment=${name}`, ...FREE_VARIABLES]).resolved()).toMatchObject({ seed: 0 });
    }
  });

  test("reproduces the recorded runs of test/golden/splitwise", () => {
    const runner = [join(PROJECT, "test/parity/run.js"), "--drop-in", join(PROJECT, "test/golden/splitwise")];
    const { status, stdout } = spawnSync(process.execPath, runner, { encoding: "utf8" });
    expect(status, stdout).toBe(0);
  });

  test("lists the jobs of an experiment", async () => {
    const words = ["-cp", ORIGINAL, "+experiment=traces_light", "+fname=code_r10_n600", "+sweep=1,2", "--dry-run"];
    const { status, stdout, stderr } = await sweep(
      workingDirectory(),
      ...words,
      "performance_model=db",
      "trace.filename=code_r10_n600",
    );
    expect(status, stderr).toBe(0);
    expect(stdout.trimEnd().split("\n")).toHaveLength(2);
  });
});
