import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { sweep, workingDirectory } from "./command.ts";

const SYNTHETIC = fileURLToPath(new URL("../../data/profiles/synthetic.json", import.meta.url));

function json(cwd: string, file: string) {
  return JSON.parse(readFileSync(join(cwd, file), "utf8"));
}

async function passing(cwd: string, ...words: string[]) {
  const outcome = await sweep(cwd, "profile", ...words);
  expect(outcome.status, outcome.stderr).toBe(0);
  return outcome;
}

describe("sweep profile convert", () => {
  const TABLE = "batch_size,ms\n1,10\n100,20\n51,30\n100,40\n";

  test("makes lines through the points in ascending order, the last of several times counting", async () => {
    const cwd = workingDirectory();
    writeFileSync(join(cwd, "times.csv"), TABLE);
    await passing(cwd, "convert", "times.csv", "out.json", "--num-gpu-blocks", "31997");
    const { cuda_profile, no_cuda_profile, ...scalars } = json(cwd, "out.json");
    // VllmSimulator's figures of converted profiles.
    expect(scalars).toEqual({
      model: "times",
      model_name: "times",
      block_size: 16,
      num_gpu_blocks: 31997,
      num_watermark_blocks: 3,
      max_num_batched_tokens: 100,
      max_model_len: 8192,
      max_num_seqs: 8192,
      input_token_upper_limit: 100,
    });
    const line = (slope: number, intercept: number) => ({
      slope: expect.closeTo(slope, 12),
      intercept: expect.closeTo(intercept, 12),
    });
    expect(cuda_profile.intervals).toEqual({
      "(0, 1)": line(0, 0.01),
      "(1, 51)": line(0.02 / 50, 0.03 - (0.02 / 50) * 51),
      "(51, 100)": line(0.01 / 49, 0.04 - (0.01 / 49) * 100),
    });
    expect(no_cuda_profile.intervals).toEqual(cuda_profile.intervals);
    expect([cuda_profile.uses_cuda, no_cuda_profile.uses_cuda]).toEqual([true, false]);
  });

  test("writes keys in the order of their characters, as VllmSimulator does", async () => {
    const cwd = workingDirectory();
    writeFileSync(join(cwd, "times.csv"), "b,ms\n1,1\n51,2\n101,3\n151,4\n");
    await passing(cwd, "convert", "times.csv", "out.json", "--num-gpu-blocks", "9");
    const text = readFileSync(join(cwd, "out.json"), "utf8");
    expect([...new Set(text.match(/\(\d+, \d+\)/g))]).toEqual(["(0, 1)", "(1, 51)", "(101, 151)", "(51, 101)"]);
    expect(Object.keys(JSON.parse(text))).toEqual(Object.keys(JSON.parse(text)).sort());
  });

  test("is read by a simulation", async () => {
    const cwd = workingDirectory();
    writeFileSync(join(cwd, "times.csv"), "b,ms\n1,10\n8192,500\n");
    await passing(cwd, "convert", "times.csv", "out.json", "--num-gpu-blocks", "9999");
    const words = [
      "performance_model=profile",
      "performance_model.path=out.json",
      "trace=constant",
      "trace.requests=5",
    ];
    const { status, stderr } = await sweep(cwd, ...words);
    expect(status, stderr).toBe(0);
  });
});

describe("sweep profile combine", () => {
  function curves(cwd: string, change: object = {}): void {
    const { cuda_profile, no_cuda_profile } = JSON.parse(readFileSync(SYNTHETIC, "utf8"));
    writeFileSync(join(cwd, "graphs.json"), JSON.stringify({ ...cuda_profile, ...change }));
    writeFileSync(join(cwd, "eager.json"), JSON.stringify(no_cuda_profile));
  }

  test("joins two curves in either order", async () => {
    const cwd = workingDirectory();
    curves(cwd);
    await passing(cwd, "combine", "graphs.json", "eager.json", "one.json");
    await passing(cwd, "combine", "eager.json", "graphs.json", "other.json");
    expect(json(cwd, "one.json")).toEqual(JSON.parse(readFileSync(SYNTHETIC, "utf8")));
    expect(json(cwd, "other.json")).toEqual(json(cwd, "one.json"));
  });

  test.each<[object, string[], RegExp]>([
    [{ block_size: 32, model: "x" }, [], /differ in model: "x" and "synthetic"[\s\S]*differ in block_size: 32 and 16/],
    [{ uses_cuda: false }, [], /Both curves were measured without CUDA graphs/],
    [{}, ["--strict"], /differ in input_token_upper_limit: 256 and 2048/],
    [{ max_num_seqs: undefined }, [], /max_num_seqs: expected a whole number/],
    [{ intervals: { "(0,1) or 2": { slope: 0, intercept: 1 } } }, [], /expected a key such as '\(0, 51\)'/],
  ])("refuses %j %j with every reason", async (change, options, message) => {
    const cwd = workingDirectory();
    curves(cwd, change);
    const outcome = await sweep(cwd, "profile", "combine", ...options, "graphs.json", "eager.json", "out.json");
    expect(outcome.status).toBe(2);
    expect(outcome.stderr).toMatch(message);
  });
});

describe("sweep profile fit", () => {
  const HEADER = "tokens,batch,context,seconds";

  test("of a profile: a curve for each kind of pass, with its spread", async () => {
    const cwd = workingDirectory();
    const rows = ["100,1,0,0.02", "200,1,0,0.03", "200,2,0,0.05", "1,1,100,0.01", "8,8,800,0.012"];
    writeFileSync(join(cwd, "passes.csv"), [HEADER, ...rows, ""].join("\n"));
    const words = ["fit", "passes.csv", "--as", "profile", "--num-gpu-blocks", "500", "--out", "fitted.json"];
    const { stdout, stderr } = await passing(cwd, ...words);
    expect(stdout).toMatch(/^Passes with a prefill, by tokens: 3 measurements, relative error 17\.78% on average/m);
    expect(stderr).toContain("passes with a prefill of 200 tokens lie more than 10% apart");
    const { cuda_profile, no_cuda_profile, num_watermark_blocks } = json(cwd, "fitted.json");
    expect(num_watermark_blocks).toBe(5);
    expect(Object.keys(no_cuda_profile.intervals)).toEqual(["(0, 100)", "(100, 200)"]);
    expect(Object.keys(cuda_profile.intervals)).toEqual(["(0, 1)", "(1, 8)"]);
    const shown = await passing(cwd, "show", "--json", "fitted.json");
    const [prefill] = JSON.parse(shown.stdout).curves;
    expect(prefill.points).toEqual([
      { tokens: 100, seconds: 0.02 },
      { tokens: 200, seconds: expect.closeTo(0.04, 12) },
    ]);
  });

  test("of DistServe's model: a config that the performance model reads", async () => {
    const cwd = workingDirectory();
    mkdirSync(join(cwd, "mine/performance_model"), { recursive: true });
    const prefills = [100, 500, 1000, 4000].map(
      (tokens) => `${tokens},1,0,${0.02 + 1e-4 * tokens + 7e-9 * tokens ** 2}`,
    );
    const decodes = [100, 900].flatMap((context) =>
      [1, 8].map(
        (batch) => `${batch},${batch},${context * batch},${0.01 + 1e-6 * (context + 1) * batch + 1e-4 * batch}`,
      ),
    );
    writeFileSync(join(cwd, "passes.csv"), [HEADER, ...prefills, ...decodes, ""].join("\n"));
    const words = [
      "fit",
      "passes.csv",
      "--as",
      "distserve",
      "--model",
      "gpt2",
      "--out",
      "mine/performance_model/own.yaml",
    ];
    await passing(cwd, ...words);
    const asked = [
      "+performance_model@performance_models.own=own",
      "compare=[own]",
      "prompt=200",
      "output=2",
      "model=gpt2",
    ];
    const { stdout, stderr } = await sweep(cwd, "latency", "--json", "-cd", "mine", ...asked);
    const { own } = JSON.parse(stdout || stderr).estimates;
    expect(own.prefill_seconds).toBeCloseTo(0.02 + 0.02 + 7e-9 * 40_000, 9);
    // The decode attends to 201 tokens; DistServe counts the token that it adds.
    expect(own.decode_seconds).toBeCloseTo(0.01 + 1e-6 * 201 + 1e-4, 9);
  });

  test("of the roofline: the efficiencies that its own times were made with", async () => {
    const cwd = workingDirectory();
    const instance = ["model=llama3-8b", "hardware=h100-80gb", "tensor_parallelism=1"];
    const roofline = (key: string, value: number) => `performance_models.roofline.${key}=${value}`;
    const made = [
      roofline("compute_efficiency", 0.6),
      roofline("bandwidth_efficiency", 0.8),
      roofline("iteration_overhead", 0.002),
    ];
    const rows: string[] = [];
    for (const batch of [1, 16, 64]) {
      for (const prompt of [300, 2000]) {
        const words = [
          "latency",
          "--json",
          ...instance,
          ...made,
          "compare=[roofline]",
          `prompt=${prompt}`,
          `batch=${batch}`,
        ];
        const { prefill_seconds, first_decode_seconds } = JSON.parse((await sweep(cwd, ...words)).stdout).estimates
          .roofline;
        rows.push(
          `${batch * prompt},${batch},0,${prefill_seconds}`,
          `${batch},${batch},${batch * prompt},${first_decode_seconds}`,
        );
      }
    }
    writeFileSync(join(cwd, "passes.csv"), [HEADER, ...rows, ""].join("\n"));
    const { stdout } = await passing(cwd, "fit", "passes.csv", "--as", "roofline", "--json", ...instance);
    const { prefill, decode } = JSON.parse(stdout).parts;
    expect(prefill.coefficients).toMatchObject({
      compute_efficiency: expect.closeTo(0.6, 6),
      bandwidth_efficiency: expect.closeTo(0.8, 6),
      iteration_overhead: expect.closeTo(0.002, 8),
    });
    expect(decode.max_relative_error).toBeLessThan(1e-6);
  });
});

test.each([
  [["fitt"], /Did you mean 'fit'/],
  [["fit", "x.csv"], /--as is missing/],
  [["fit", "x.csv", "--as", "profile", "model=gpt2"], /only --as roofline takes overrides/],
  [["convert", "x.csv"], /Found 1 files, expected two/],
  [["show", "nothing.json"], /Cannot read 'nothing.json'/],
  [["convert", SYNTHETIC, "out.json"], /no CSV/],
])("sweep profile %j ends with status 2 and says why", async (words, message) => {
  const { status, stderr } = await sweep(workingDirectory(), "profile", ...words);
  expect(status).toBe(2);
  expect(stderr).toMatch(message);
  expect(stderr).not.toMatch(/^\s+at /m);
});
