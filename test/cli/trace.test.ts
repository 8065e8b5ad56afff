import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { sweep, workingDirectory } from "./command.ts";

const GAMMA = ["trace=gamma", "trace.requests=40", "seed=3"];
const AZURE = [
  "TIMESTAMP,ContextTokens,GeneratedTokens",
  "2023-11-16 18:00:00.0000000,10,1",
  "2023-11-16 18:00:04.0000000,20,2",
  "2023-11-16 18:00:08.0000000,30,3",
  "",
].join("\n");

describe("sweep trace generate", () => {
  test("writes the trace of a run with the same overrides: reading it gives the same results", async () => {
    const cwd = workingDirectory();
    expect((await sweep(cwd, "trace", "generate", ...GAMMA, "--out", "mine.csv")).status).toBe(0);
    await sweep(cwd, ...GAMMA, "output_dir=generated");
    const read = await sweep(cwd, "trace.path=mine.csv", "seed=3", "output_dir=read");
    expect(read.status).toBe(0);
    expect(readFileSync(join(cwd, "read/detailed/0.csv"), "utf8")).toBe(
      readFileSync(join(cwd, "generated/detailed/0.csv"), "utf8"),
    );
  });

  test("writes named traces, which a run under compat=splitwise reads as it would have generated them", async () => {
    const cwd = workingDirectory();
    const run = ["compat=splitwise", "performance_model=db", "start_state=baseline", "trace.filename=rr_code_1_2min"];
    await sweep(cwd, ...run, "output_dir=generated");
    mkdirSync(join(cwd, "traces"));
    const words = ["trace.filename=rr_code_1_2min", "compat=splitwise", "--out", "traces/rr_code_1_2min.csv"];
    expect((await sweep(cwd, "trace", "generate", ...words)).status).toBe(0);
    const read = await sweep(cwd, ...run, "output_dir=read");
    expect(read.stderr).not.toContain("named trace");
    expect(readFileSync(join(cwd, "read/detailed/0.csv"), "utf8")).toBe(
      readFileSync(join(cwd, "generated/detailed/0.csv"), "utf8"),
    );
  });

  test("gives the same bytes for the same seed, compressed if the name says so", async () => {
    const cwd = workingDirectory();
    await sweep(cwd, "trace", "generate", ...GAMMA, "--out", "a.csv");
    await sweep(cwd, "trace", "generate", ...GAMMA, "--out", "b.csv.gz");
    await sweep(cwd, "trace", "generate", ...GAMMA, "seed=4", "--out", "c.csv");
    const [a, c] = ["a.csv", "c.csv"].map((name) => readFileSync(join(cwd, name), "utf8"));
    expect(gunzipSync(readFileSync(join(cwd, "b.csv.gz"))).toString()).toBe(a);
    expect(c).not.toBe(a);
    expect(a.split("\n")[0]).toBe(
      "request_id,request_type,application_id,arrival_timestamp,batch_size,prompt_size,token_size",
    );
    expect(a.split("\n")).toHaveLength(42);
  });

  test("overwrites nothing without --force", async () => {
    const cwd = workingDirectory();
    writeFileSync(join(cwd, "a.csv"), "precious\n");
    const refused = await sweep(cwd, "trace", "generate", ...GAMMA, "--out", "a.csv");
    expect([refused.status, readFileSync(join(cwd, "a.csv"), "utf8")]).toEqual([2, "precious\n"]);
    expect(refused.stderr).toContain("--force");
    expect((await sweep(cwd, "trace", "generate", ...GAMMA, "--out", "a.csv", "--force")).status).toBe(0);
    expect(readFileSync(join(cwd, "a.csv"), "utf8")).toContain("arrival_timestamp");
  });
});

describe("sweep trace describe", () => {
  test("shows the same figures of a file and of the configuration that it was generated from", async () => {
    const cwd = workingDirectory();
    await sweep(cwd, "trace", "generate", ...GAMMA, "--out", "a.csv");
    const [file, config] = await Promise.all([
      sweep(cwd, "trace", "describe", "a.csv", "--json"),
      sweep(cwd, "trace", "describe", ...GAMMA, "--json"),
    ]);
    const { source: path, ...figures } = JSON.parse(file.stdout);
    const { source, ...same } = JSON.parse(config.stdout);
    expect(same).toEqual(figures);
    expect([path, source]).toEqual(["a.csv (SplitwiseSim's CSV)", "gamma (generated, seed 3)"]);
  });

  test("prints rates, burstiness, lengths and plots", async () => {
    const cwd = workingDirectory();
    writeFileSync(join(cwd, "azure.csv"), AZURE);
    const { stdout, status } = await sweep(cwd, "trace", "describe", "azure.csv");
    expect(status).toBe(0);
    expect(stdout).toBe(`azure.csv (Azure LLM inference trace, CSV)

requests  3
span      8 s, from 0 s
rate      0.25 requests/s
gaps      coefficient of variation 0 (Poisson: 1)
tokens    60 prompt, 6 output

tokens mean min  p5 p50 p90  p99 max
prompt   20  10  11  20  28 29.8  30
output    2   1 1.1   2 2.8 2.98   3

requests per 0.2 s, at most 1
█                   █                   █

tokens  prompts                          outputs
   1-1                                    33.3% ████████████
   2-3                                    66.7% ████████████████████████
   4-7
  8-15   33.3% ████████████
 16-31   66.7% ████████████████████████
`);
  });
});

describe("sweep trace convert", () => {
  test("writes an Azure trace, compressed or not, in SplitwiseSim's format, scaled and cut", async () => {
    const cwd = workingDirectory();
    writeFileSync(join(cwd, "azure.csv.gz"), gzipSync(AZURE));
    const done = await sweep(cwd, "trace", "convert", "azure.csv.gz", "a.csv", "--rate", "2", "--limit", "2");
    expect(done.stdout).toContain("a.csv: 2 requests in 0.5 s (2/s), from azure.csv.gz (Azure");
    expect(readFileSync(join(cwd, "a.csv"), "utf8")).toBe(
      "request_id,request_type,application_id,arrival_timestamp,batch_size,prompt_size,token_size\n0,2,0,0,1,10,1\n1,2,0,0.5,1,20,2\n",
    );
  });

  test("writes a Mooncake trace and says what it leaves out", async () => {
    const cwd = workingDirectory();
    writeFileSync(join(cwd, "m.jsonl"), '{"timestamp":500,"input_length":7,"output_length":9,"hash_ids":[1]}\n');
    const done = await sweep(cwd, "trace", "convert", "m.jsonl", "m.csv", "--rate-scale", "2");
    expect([done.status, done.stderr]).toEqual([0, expect.stringContaining("hash_ids")]);
    expect(readFileSync(join(cwd, "m.csv"), "utf8").split("\n")[1]).toBe("0,2,0,0.25,1,7,9");
  });

  test("keeps every column of a trace that is in SplitwiseSim's format already", async () => {
    const cwd = workingDirectory();
    const text =
      "request_id,request_type,application_id,arrival_timestamp,batch_size,prompt_size,token_size\n7,2,1,0.1,3,4,5\n";
    writeFileSync(join(cwd, "a.csv"), text);
    expect((await sweep(cwd, "trace", "convert", "a.csv", "b.csv")).status).toBe(0);
    expect(readFileSync(join(cwd, "b.csv"), "utf8")).toBe(text);
  });
});

describe("a mistake ends with status 2, a message, and nothing written", () => {
  test.each<readonly [string, readonly string[], string]>([
    ["an unknown action", ["descibe"], "Did you mean 'describe'?"],
    ["no file to write", ["generate", "trace=gamma"], "--out is missing"],
    ["a folder that is not there", ["generate", "--out", "no/where.csv"], "There is no folder 'no'"],
    ["a folder as a target", ["generate", "--out", ".", "--force"], "not a regular file"],
    ["a device as a target", ["generate", "--out", "/dev/null", "--force"], "not a regular file"],
    ["a trace that is read", ["generate", "trace.path=in.csv", "--out", "out.csv"], "`sweep trace convert IN OUT`"],
    ["a sweep", ["generate", "seed=1,2", "--out", "out.csv"], "several values"],
    ["a missing file to describe", ["describe", "none.csv"], "There is no file 'none.csv'"],
    ["a folder to describe", ["describe", "."], "'.' is not a regular file"],
    ["a device to convert", ["convert", "/dev/zero", "out.csv"], "not a regular file"],
    ["a file and an override", ["describe", "in.csv", "seed=1"], "Unknown argument 'seed=1'"],
    ["one file to convert", ["convert", "in.csv"], "Found 1 files, expected two"],
    ["a file onto itself", ["convert", "in.csv", "./in.csv", "--force"], "the same file"],
    ["two ways to scale", ["convert", "in.csv", "out.csv", "--rate", "1", "--rate-scale", "2"], "exclude each other"],
    ["a rate of nothing", ["convert", "in.csv", "out.csv", "--rate", "0"], "requests per second above 0"],
    ["a rate of one request", ["convert", "in.csv", "out.csv", "--rate", "1"], "no rate can be reached"],
    ["an unknown option", ["convert", "--ratee", "1"], "Did you mean --rate?"],
  ])("%s", async (_, words, message) => {
    const cwd = workingDirectory();
    writeFileSync(join(cwd, "in.csv"), "arrival_timestamp,prompt_size,token_size\n1,2,3\n");
    const { status, stderr } = await sweep(cwd, "trace", ...words);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(status).toBe(2);
    expect(existsSync(join(cwd, "out.csv"))).toBe(false);
  });
});

test("every action has its help", async () => {
  for (const action of [[], ["generate"], ["describe"], ["convert"]]) {
    const { stdout, status } = await sweep(".", "trace", ...action, "--help");
    expect([status, stdout]).toEqual([0, expect.stringMatching(new RegExp(`^Usage: sweep trace ${action[0] ?? ""}`))]);
  }
});

test("tables that a generator names are found beside the run, and the run's id covers their bytes", async () => {
  const cwd = workingDirectory();
  const minutes = ["trace=per_minute", "trace.arrivals.requests_per_minute=null", "trace.arrivals.table=load.csv"];
  const lengths = ["~trace.lengths.distribution", "~trace.lengths.table"];
  const column = (name: string) => `+trace.lengths.${name}={distribution:empirical,table:load.csv,column:${name}}`;
  const words = [...minutes, "trace.arrivals.column=load", ...lengths, column("prompt"), column("output")];
  const idOf = async (table: string) => {
    writeFileSync(join(cwd, "load.csv"), `load,prompt,output\n${table}`);
    const { stdout, stderr } = await sweep(cwd, ...words, "--dry-run");
    expect(stderr).toBe("");
    return stdout.split("\t")[1];
  };
  const first = await idOf("30,500,100\n0,900,200\n");
  expect(await idOf("30,500,100\n0,900,201\n")).not.toBe(first);
  expect(await idOf("30,500,100\n0,900,200\n")).toBe(first);
  const { stdout } = await sweep(cwd, "trace", "describe", ...words, "--json");
  const { span_seconds, prompt_tokens, output_tokens } = JSON.parse(stdout);
  expect(span_seconds).toBeLessThan(60);
  expect([prompt_tokens.min, prompt_tokens.max, output_tokens.min, output_tokens.max]).toEqual([500, 900, 100, 200]);
});
