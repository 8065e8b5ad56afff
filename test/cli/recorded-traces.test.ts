import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { sweep, workingDirectory } from "./command.ts";

const MOONCAKE = [0, 3000, 3000, 9000]
  .map((timestamp, row) => JSON.stringify({ timestamp, input_length: 600, output_length: 20, hash_ids: [0, row] }))
  .join("\n");
const RUN = ["trace=mooncake", "trace.path=m.jsonl", "results.outputs=[detailed,samples]"];

function folder(): string {
  const cwd = workingDirectory();
  writeFileSync(join(cwd, "m.jsonl"), MOONCAKE);
  return cwd;
}

async function metricsOf(cwd: string, ...words: string[]) {
  const { stdout, stderr, status } = await sweep(cwd, ...RUN, ...words, "--json");
  expect([status, stderr]).toEqual([0, ""]);
  const { metrics, outputDir } = JSON.parse(stdout);
  return { metrics, outputDir };
}

describe("a run on a recorded trace", () => {
  test("has its requests, at its times or at a rate", async () => {
    const cwd = folder();
    expect((await metricsOf(cwd)).metrics).toMatchObject({ requests: 4, completed: 4 });
    const [slow, fast] = [await metricsOf(cwd, "trace.rate=0.1"), await metricsOf(cwd, "trace.rate=10")];
    expect(slow.metrics.simulated_seconds).toBeGreaterThan(30);
    expect(fast.metrics.simulated_seconds).toBeLessThan(4);
  });

  test("depends on the seed only if its arrivals are drawn", async () => {
    const cwd = folder();
    const end = async (...words: string[]) => (await metricsOf(cwd, ...words)).metrics.simulated_seconds;
    const poisson = ["trace.arrivals.process=poisson", "trace.rate=1"];
    expect(await end("seed=1")).toBe(await end("seed=2"));
    expect(await end("seed=1", ...poisson)).not.toBe(await end("seed=2", ...poisson));
  });

  test("tells another format by the file, and how to read it", async () => {
    const cwd = folder();
    const { status, stderr } = await sweep(cwd, "trace.path=m.jsonl");
    expect([status, stderr]).toEqual([2, expect.stringContaining("read with trace=mooncake")]);
  });
});

describe("results.sample_interval", () => {
  test("writes samples.csv, and leaves run id and metrics as they are", async () => {
    const cwd = folder();
    const plain = await metricsOf(cwd, "output_dir=plain");
    const sampled = await metricsOf(cwd, "output_dir=sampled", "results.sample_interval=0.5");
    expect(sampled.metrics).toEqual(plain.metrics);
    expect(existsSync(join(cwd, "plain/samples.csv"))).toBe(false);
    const [header, ...rows] = readFileSync(join(cwd, "sampled/samples.csv"), "utf8").trimEnd().split("\n");
    expect(header.split(",").slice(0, 5)).toEqual(["seconds", "application_id", "instance", "tag", "running"]);
    const { instances, simulated_seconds } = sampled.metrics;
    expect(rows).toHaveLength(instances * (Math.floor(simulated_seconds / 0.5) + 1));
  });

  test("says so where it does nothing", async () => {
    const { stderr } = await sweep(folder(), "results.sample_interval=1", "results.outputs=[]", "--dry-run");
    expect(stderr).toContain("results.sample_interval has no effect");
  });
});

describe("slo=latency", () => {
  test("has attainment and goodput, and of unset targets nothing", async () => {
    const { metrics } = await metricsOf(folder(), "slo=latency", "slo.targets.ttft=100", "slo.targets.tbt=null");
    expect(metrics).toMatchObject({ ttft_attainment: 1, slo_attainment: 1, goodput: metrics.requests_per_second });
    expect(metrics).not.toHaveProperty("tbt_attainment");
  });

  test("without any target is refused before the run", async () => {
    const words = ["slo=latency", "slo.targets.ttft=null", "slo.targets.tbt=null"];
    const { status, stderr } = await sweep(folder(), ...words);
    expect([status, stderr]).toEqual([2, expect.stringContaining("slo=latency needs a target")]);
  });
});
