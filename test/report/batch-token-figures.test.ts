import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { batchTokenUse } from "../../src/analysis/batch-tokens.ts";
import { sweep, workingDirectory } from "../cli/command.ts";

type Row = Readonly<Record<string, string>>;

function rowsOf(file: string): Row[] {
  const [header, ...lines] = readFileSync(file, "utf8").trim().split("\n");
  const names = header.split(",");
  return lines.map((line) => Object.fromEntries(line.split(",").map((cell, i) => [names[i], cell])));
}

const HEADER = "name,tag,iteration_start,iteration_end,num_contiguous_iterations,batch_tokens\n";

test("time between an instance's iterations is idle, what is before the first and after the last one is not", async () => {
  const cwd = workingDirectory();
  const files = ["0.csv", "1.csv"].map((name) => join(cwd, name));
  writeFileSync(files[0], `${HEADER}h_0,prompt,5,7,2.0,100\nh_0,prompt,7,8,1,40\nh_0,prompt,10,11,4,100\n`);
  writeFileSync(files[1], `${HEADER}h_1,token,1,4,3,7\n`);
  expect(await batchTokenUse(files)).toEqual([
    {
      tag: "prompt",
      idleSeconds: 2,
      uses: [
        { batchTokens: 40, iterations: 1, seconds: 1 },
        { batchTokens: 100, iterations: 6, seconds: 3 },
      ],
    },
    { tag: "token", idleSeconds: 0, uses: [{ batchTokens: 7, iterations: 3, seconds: 3 }] },
  ]);
});

test("the figures of batch tokens hold what every line of the instances' logs adds up to", async () => {
  const cwd = workingDirectory();
  const study = await sweep(cwd, "-m", "+experiment=splitwise/quick/batch_tokens", "rate=70", "hydra.sweep.dir=s");
  expect(study.status).toBe(0);
  for (const name of ["batch-tokens-conv", "batch-time-conv"]) {
    const plotted = await sweep(cwd, "plot", "s", "--figure", `splitwise/${name}`);
    expect(plotted).toMatchObject({ status: 0, stderr: "" });
  }
  const iterations = rowsOf(join(cwd, "s/splitwise-batch-tokens-conv.csv"));
  const seconds = rowsOf(join(cwd, "s/splitwise-batch-time-conv.csv"));
  const logs = ["0", "1"].map((run) => {
    const folder = join(cwd, "s", run, "instances/0");
    return readdirSync(folder).map((file) => rowsOf(join(folder, file)));
  });
  for (const [run, tag] of [
    [0, "None"],
    [1, "prompt"],
    [1, "token"],
  ] as const) {
    const instances = logs[run].filter(([first]) => first.tag === tag);
    const lines = instances.flat();
    const ofPool = (rows: readonly Row[]) => rows.filter(({ instances: pool }) => pool === tag);
    // One entry per iteration, as SplitwiseSim's notebooks expand them.
    const expanded = lines.flatMap((line) =>
      Array.from({ length: Number(line.num_contiguous_iterations) }, () => Number(line.batch_tokens)),
    );
    const shares = ofPool(iterations);
    expect(shares.map(({ batch_tokens }) => Number(batch_tokens))).toEqual(
      [...new Set(expanded)].sort((a, b) => a - b),
    );
    for (const { batch_tokens, share } of [shares[0], shares[shares.length >> 1], shares[shares.length - 1]]) {
      const below = expanded.filter((tokens) => tokens <= Number(batch_tokens)).length;
      expect(Number(share)).toBeCloseTo(below / expanded.length, 12);
    }
    const durationOf = (line: Row) => Number(line.iteration_end) - Number(line.iteration_start);
    const busy = lines.reduce((sum, line) => sum + durationOf(line), 0);
    const spans = instances.reduce((sum, log) => {
      return sum + Number(log[log.length - 1].iteration_end) - Number(log[0].iteration_start);
    }, 0);
    const times = ofPool(seconds);
    expect(times[0].batch_tokens).toBe("0");
    expect(Number(times[0].seconds)).toBeCloseTo(spans - busy, 6);
    for (const { batch_tokens, share } of [times[0], times[times.length >> 1], times[times.length - 1]]) {
      const within = lines.filter((line) => Number(line.batch_tokens) <= Number(batch_tokens));
      const time = spans - busy + within.reduce((sum, line) => sum + durationOf(line), 0);
      expect(Number(share)).toBeCloseTo(time / spans, 9);
    }
  }
});

test("runs without logs are told which overrides keep them", async () => {
  const cwd = workingDirectory();
  const words = ["+experiment=splitwise/quick/hh_isopower", "token_servers=15", "rate=70"];
  expect((await sweep(cwd, "-m", ...words, "hydra.sweep.dir=s")).status).toBe(0);
  const plot = ["plot", "s", "--figure", "splitwise/batch-time-conv"];
  const without = await sweep(cwd, ...plot);
  expect(without.status).toBe(2);
  expect(without.stderr).toContain("debug=true results.outputs=[instances]");
  const logged = await sweep(cwd, "-m", ...words, "debug=true", "results.outputs=[instances]", "hydra.sweep.dir=t");
  expect(logged.status).toBe(0);
  const drawn = await sweep(cwd, "plot", "t", "--figure", "splitwise/batch-time-conv");
  expect(drawn.status).toBe(0);
  expect(drawn.stderr).toBe("sweep: not in the figure: Baseline-H100 at 70 requests/s\n");
});
