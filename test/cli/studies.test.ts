import { execFile } from "node:child_process";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import type { SystemCapacity } from "../../src/analysis/splitwise.ts";
import { openWorkspace } from "../../src/inputs/workspace.ts";
import { sweep, workingDirectory } from "./command.ts";

const STUDIES = join(import.meta.dirname, "../../experiments/splitwise");
const REPRODUCE = join(import.meta.dirname, "../../scripts/reproduce-splitwise.js");
const execute = promisify(execFile);
const namesIn = (folder: string) =>
  readdirSync(folder)
    .filter((name) => name.endsWith(".yaml"))
    .map((name) => name.replace(/\.yaml$/, ""));

// Numbers of runs of SplitwiseSim's experiment files and scripts, counted by composing them; the baselines beside the
// iso-cost and iso-power studies are ours: two trace families, 14 and 21 rates. So is batch_tokens: two clusters, two rates.
const RUNS: Readonly<Record<string, number>> = {
  baseline_a100_costopt: 278,
  baseline_h100_costopt: 158,
  hh_costopt: 3042,
  aa_costopt: 9522,
  ha_costopt: 5382,
  hhcap_costopt: 3042,
  hh_isocost: 196,
  aa_isocost: 476,
  ha_isocost: 196,
  hhcap_isocost: 196,
  hh_isopower: 294,
  aa_isopower: 546,
  ha_isopower: 147,
  hhcap_isopower: 294,
  isocost_cluster: 39,
  isopower_cluster: 39,
  isocount_cluster: 39,
  traces: 63,
  traces_light: 24,
  throughput: 6,
  throughput_isocost: 6,
  throughput_isopower: 6,
  batch_tokens: 4,
  baseline_a100_isocost: 28,
  baseline_h100_isocost: 28,
  baseline_a100_isopower: 42,
  baseline_h100_isopower: 42,
};

test("every study has a number of runs and a quick version", () => {
  expect(namesIn(STUDIES).sort()).toEqual(Object.keys(RUNS).sort());
  expect(namesIn(join(STUDIES, "quick")).sort()).toEqual(Object.keys(RUNS).sort());
});

test.each(Object.entries(RUNS))("%s has %i runs", (name, runs) => {
  const { composer } = openWorkspace({});
  expect(composer.expand([`+experiment=splitwise/${name}`]).jobs).toHaveLength(runs);
});

// Clusters as SplitwiseSim's formulas give them, in doubles: 44 * 35 // 30.8 is 49.
test.each([
  ["ha_isocost", "prompt_servers", [5, 10, 15, 20, 25, 30, 35], [75, 64, 53, 43, 32, 21, 10]],
  ["ha_isopower", "prompt_servers", [5, 10, 15, 20, 25, 30, 35], [62, 53, 44, 35, 26, 17, 8]],
  ["hhcap_isopower", "prompt_servers", [5, 10, 15, 20, 25, 30, 35], [49, 42, 35, 28, 21, 14, 7]],
])("%s: the servers that decode follow from those that prefill", (name, key, given, expected) => {
  const { composer } = openWorkspace({});
  const found = given.map((value) => {
    const composition = composer.compose([`+experiment=splitwise/${name}`, `${key}=${value}`], { mode: "multirun" });
    return composition.select("cluster.servers.0.count");
  });
  expect(found).toEqual(expected);
});

test("every quick study runs, and the reproduction makes every table of the README of them", {
  timeout: 300_000,
}, async () => {
  const cwd = workingDirectory();
  const { stdout: report } = await execute(process.execPath, [REPRODUCE, "--quick", "--dir", "sweeps"], { cwd });
  const sections = [...readFileSync(join(STUDIES, "README.md"), "utf8").matchAll(/^<!-- (\w+) -->$/gm)];
  for (const [, name] of sections.filter(([, name]) => name !== "end")) {
    expect(report).toMatch(new RegExp(`^${name}\n`, "m"));
  }
  const reproduced = readdirSync(join(cwd, "sweeps"));
  for (const name of namesIn(join(STUDIES, "quick")).filter((name) => !reproduced.includes(name))) {
    const folder = `sweeps/${name}`;
    const run = await sweep(cwd, "-m", `+experiment=splitwise/quick/${name}`, `hydra.sweep.dir=${folder}`, "--quiet");
    expect(run.status, run.stderr).toBe(0);
  }
  const folders = readdirSync(join(cwd, "sweeps")).map((name) => `sweeps/${name}`);
  const { status, stdout, stderr } = await sweep(cwd, "analyse", "splitwise", ...folders, "--json");
  expect(status, stderr).toBe(0);
  const { runs, missing, capacities, points } = JSON.parse(stdout);
  expect({ runs, missing, points: points.length }).toEqual({ runs: 106, missing: 0, points: 106 });
  const ofConversation = (capacities as SystemCapacity[]).filter(({ family }) => family === "rr_conv");
  const systems = ofConversation.map(({ system }) => system);
  expect(systems).toEqual(
    expect.arrayContaining([
      "Baseline-A100",
      "Baseline-H100",
      "Splitwise-AA",
      "Splitwise-HH",
      "Splitwise-HA",
      "Splitwise-HHcap",
    ]),
  );
});

test("an analysis of an unfinished sweep takes what is there, says what is missing, and goes to a file on request", async () => {
  const cwd = workingDirectory();
  const study = ["-m", "+experiment=splitwise/traces_light", "step=range(0.2,0.9,0.2)", "end_time=60"];
  await sweep(cwd, ...study, "trace_length=_2min", "hydra.sweep.dir=light", "--quiet");
  rmSync(join(cwd, "light/1"), { recursive: true });
  writeFileSync(join(cwd, "light/3/shard.json"), "{}");
  const { status, stdout, stderr } = await sweep(cwd, "analyse", "splitwise", "light", "--out", "light.txt");
  expect({ status, stdout }, stderr).toEqual({ status: 0, stdout: "" });
  const text = readFileSync(join(cwd, "light.txt"), "utf8");
  expect(text).toMatch(/^2 runs; 2 runs are missing \(sweep --resume DIR\)\n/);
  expect(text).toContain("rr_code Baseline-H100");
});

test("the corrected simulator runs a study with the same model, traces and clusters", () => {
  const { composer } = openWorkspace({});
  const [original, corrected] = ["splitwise", "none"].map((compat) =>
    composer.compose(["+experiment=splitwise/hh_isocost", "token_servers=15", `compat=${compat}`], { mode: "run" }),
  );
  for (const key of ["applications", "trace.path", "cluster", "labels", "slo", "scheduler.name", "performance_model"]) {
    expect(corrected.select(key), key).toEqual(original.select(key));
  }
  expect([original, corrected].map((composition) => composition.select("engine.admission"))).toEqual([
    "task",
    "request",
  ]);
});

test("an analysis of a sweep that is no study says so, and one of no sweep at all too", async () => {
  const cwd = workingDirectory();
  await sweep(cwd, "-m", "seed=0,1", "trace.requests=20", "hydra.sweep.dir=plain", "--quiet");
  const plain = await sweep(cwd, "analyse", "splitwise", "plain");
  expect(plain.status).toBe(2);
  expect(plain.stderr).toContain("plain: 2 runs are of no Splitwise study");
  const nowhere = await sweep(cwd, "analyse", "splitwise", "nowhere");
  expect(nowhere.status).toBe(2);
  const nothing = await sweep(cwd, "analyse");
  expect(nothing.stderr).toContain("Which analysis? Known: splitwise");
});
