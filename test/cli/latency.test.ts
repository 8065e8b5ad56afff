import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { sweep, workingDirectory } from "./command.ts";

const CONF = fileURLToPath(new URL("../../conf", import.meta.url));

async function estimate(...words: string[]) {
  const { status, stdout, stderr } = await sweep(workingDirectory(), "latency", "--json", ...words);
  expect(status, stderr).toBe(0);
  return JSON.parse(stdout);
}

describe("sweep latency", () => {
  test("asks every performance model, and says why one cannot tell", async () => {
    const { model, memory, estimates } = await estimate("hardware=h100-80gb", "tensor_parallelism=8", "prompt=512");
    expect(model).toBe("llama2-70b");
    // 80 layers, 8 of 64 heads of 128 elements, 2 bytes, keys and values: 327,680 bytes for each of 768 tokens.
    expect(memory).toMatchObject({ kv_cache_bytes: 327_680 * 768, fits: true });
    expect(estimates.closed_form.reason).toContain("one processor");
    expect(estimates.roofline).toMatchObject({
      prefill_bound: "compute",
      decode_bound: "memory",
      decode_iterations: 255,
    });
    const { prefill_seconds, decode_seconds, total_seconds } = estimates.db;
    expect(total_seconds).toBe(prefill_seconds + decode_seconds);
  });

  test("prints a table with units, and the operators if asked", async () => {
    const { stdout } = await sweep(workingDirectory(), "latency", "batch=8", "--operators");
    expect(stdout).toMatch(/^llama2-70b on 2 x a100-80gb: 8 x \(1,024 prompt \+ 256 output tokens\)$/m);
    expect(stdout).toMatch(/^performance model prefill \(s\) .* tokens\/s/m);
    expect(stdout).toMatch(/^decode_attention .* memory$/m);
  });

  test("takes a sweep, a line per job", async () => {
    const words = ["-m", "prompt=range(512,2049,512)", "batch=8", "compare=[roofline]"];
    const { stdout, status } = await sweep(workingDirectory(), "latency", ...words);
    expect(status).toBe(0);
    const rows = stdout.trimEnd().split("\n").slice(2);
    expect(rows.map((row) => row.trim().split(/\s+/)[0])).toEqual(["512", "1024", "1536", "2048"]);
    const json = await sweep(workingDirectory(), "latency", "--json", ...words);
    const jobs = json.stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(jobs.map(({ prompt }) => prompt)).toEqual([512, 1024, 1536, 2048]);
  });

  test("knows every model and processor of the repositories", () => {
    const names = (folder: string) => readdirSync(join(CONF, folder)).sort();
    expect(names("model")).toEqual(names("model_repo/architectures"));
    expect(names("hardware")).toEqual(names("hardware_repo/processors"));
  });

  test("takes a processor and a model of the user's own", async () => {
    const cwd = workingDirectory();
    mkdirSync(join(cwd, "mine/hardware"), { recursive: true });
    mkdirSync(join(cwd, "mine/model"));
    writeFileSync(
      join(cwd, "mine/hardware/toy.yaml"),
      "name: toy\nmemory_size: 2000000000\nmemory_bandwidth: 1000000000\n",
    );
    const hub =
      "{_target_: models.HuggingFace, name: tiny, model_type: llama, hidden_size: 64, num_hidden_layers: 2, " +
      "num_attention_heads: 4, intermediate_size: 128, vocab_size: 1000, rope_theta: 10000.0}";
    writeFileSync(join(cwd, "mine/model/tiny.yaml"), `architecture: ${hub}\nprecision: fp16\n`);
    const rates = "+performance_models.closed_form.prompt_tokens_per_second={tiny: {toy: 1000}}";
    const words = [
      "latency",
      "-cd",
      "mine",
      "model=tiny",
      "hardware=toy",
      "compare=[closed_form]",
      "output=1",
      rates,
      "--json",
    ];
    const { stdout, stderr } = await sweep(cwd, ...words);
    expect(stderr).toBe("");
    expect(JSON.parse(stdout).estimates.closed_form.total_seconds).toBe(1.024);
  });
});

describe("mistakes end with status 2 and a remedy", () => {
  test.each([
    [["hardware=no-gpu"], /no-gpu[\s\S]*memory_bandwidth/],
    [["model=no-model"], /no-model[\s\S]*num_layers/],
    [["hardware.memory_bandwidth=-1"], /hardware.memory_bandwidth: found -1/],
    [["prompt=0", "batch=0", "output=-1"], /prompt: found 0[\s\S]*output: found -1[\s\S]*batch: found 0/],
    [["compare=[roofine]"], /no performance model 'roofine'[\s\S]*Did you mean 'roofline'/],
  ])("%s", async (words, message) => {
    const { status, stderr } = await sweep(workingDirectory(), "latency", ...words);
    expect(status).toBe(2);
    const lines = stderr.split("\n").sort().join("\n");
    expect(`${stderr}\n${lines}`).toMatch(message);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  test("what no performance model can tell, too", async () => {
    const words = ["model=opt-30b", "hardware=rtxa5000-24gb", "tensor_parallelism=1", "compare=[closed_form]"];
    const { status, stdout } = await sweep(workingDirectory(), "latency", ...words);
    expect(status).toBe(2);
    expect(stdout).toContain("opt-30b on rtxa5000-24gb");
    expect(stdout).toContain("prompt_tokens_per_second");
  });

  test("weights that the name contradicts are told", async () => {
    const words = ["model=opt-125m", "hardware=a100-80gb-pcie", "+model.size={weights: 250e9, dtype_size: 2}"];
    const { stderr } = await sweep(workingDirectory(), "latency", ...words);
    expect(stderr).toContain("its name tells 0.25 GB");
  });
});

test("the closed form simulates, too: a request alone takes what sweep latency says", async () => {
  const cwd = workingDirectory();
  const model = ["applications=model", "applications.0.model_architecture=llama2-13b", "performance_model=closed_form"];
  const instance = ["cluster.servers=[{sku: rtxa6000-x1, count: 1}]", "start_state.instance.tensor_parallelism=1"];
  const trace = [
    "trace=constant",
    "trace.requests=1",
    "trace.lengths.prompt.tokens=1000",
    "trace.lengths.output.tokens=30",
  ];
  const run = await sweep(cwd, "--json", ...model, ...instance, ...trace);
  expect(run.status, run.stderr).toBe(0);
  const { ttft_mean, e2e_mean } = JSON.parse(run.stdout).metrics;
  const words = ["model=llama2-13b", "hardware=rtxa6000-48gb", "prompt=1000", "output=30", "compare=[closed_form]"];
  const { prefill_seconds, total_seconds } = (await estimate(...words)).estimates.closed_form;
  expect(ttft_mean).toBeCloseTo(prefill_seconds, 9);
  expect(e2e_mean).toBeCloseTo(total_seconds, 9);
});
