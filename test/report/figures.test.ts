import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { quantile } from "simple-statistics";
import { expect, test } from "vitest";
import { Bins } from "../../src/analysis/bins.ts";
import { NAMED_FIGURES } from "../../src/report/figures/named-figures.ts";
import { sweep, workingDirectory } from "../cli/command.ts";

type Row = Readonly<Record<string, string>>;

function rowsOf(file: string): Row[] {
  const [header, ...lines] = readFileSync(file, "utf8").trim().split("\n");
  const names = header.split(",");
  return lines.map((line) => Object.fromEntries(line.split(",").map((cell, i) => [names[i], cell])));
}

test("a named figure shows what the rows of the sweep hold, of the paper's cluster only", async () => {
  const cwd = workingDirectory();
  const study = await sweep(cwd, "-m", "+experiment=splitwise/quick/hh_isopower", "hydra.sweep.dir=s");
  expect(study.status).toBe(0);
  const plotted = await sweep(cwd, "plot", "s", "--figure", "splitwise/isopower-conv");
  expect(plotted).toMatchObject({
    status: 0,
    stdout: ["svg", "png", "csv"].map((format) => `s/splitwise-isopower-conv.${format}\n`).join(""),
  });
  expect(plotted.stderr).toContain("not in the figure: Splitwise-AA with 45+25 servers");
  // 25 prefill and 15 decode servers (SplitwiseSim's notebooks); the other split of the study is not shown.
  const wanted = rowsOf(join(cwd, "s/runs.csv")).filter((row) => row.token_servers === "15");
  const shown = rowsOf(join(cwd, "s/splitwise-isopower-conv.csv"));
  expect(shown.map(({ rate }) => rate)).toEqual(wanted.map(({ rate }) => rate));
  shown.forEach((row, i) => {
    for (const latency of ["ttft", "tbt", "e2e"]) {
      for (const share of ["p50", "p90", "p99"]) {
        const column = `${latency}_slowdown_${share}`;
        expect(Number(row[column])).toBe(Number(wanted[i][column]));
      }
    }
  });
  const wrong = await sweep(cwd, "plot", "s", "--figure", "splitwise/isocost-conv");
  expect(wrong.status).toBe(2);
  expect(wrong.stderr).toContain("splitwise/hh_isocost");
});

test("figures by name: a list of them, a suggestion for a misspelt one, and every experiment exists", async () => {
  const cwd = workingDirectory();
  const { stdout } = await sweep(cwd, "plot", "--figure", "list");
  for (const { name, experiments } of NAMED_FIGURES) {
    expect(stdout).toContain(`${name} `);
    for (const experiment of experiments) {
      const [folder, file] = experiment.split("/");
      expect(readdirSync(join(import.meta.dirname, "../../experiments", folder))).toContain(`${file}.yaml`);
    }
  }
  const { status, stderr } = await sweep(cwd, "plot", "s", "--figure", "splitwise/isopower-con");
  expect([status, stderr]).toEqual([2, expect.stringContaining("'splitwise/isopower-conv'")]);
});

test("bars, distributions, trade-offs and time series hold the numbers of the runs' own files", async () => {
  const cwd = workingDirectory();
  const words = ["trace.rate=2,6", "scheduler=jsq,token_jsq", "trace.requests=80", "results.sample_interval=1"];
  expect((await sweep(cwd, "-m", ...words, "hydra.sweep.dir=s")).status).toBe(0);
  const plot = async (...options: string[]) => {
    const { status, stderr } = await sweep(cwd, "plot", "s", ...options, "--format", "svg,csv", "--output", "f");
    expect(stderr).toBe("");
    expect(status).toBe(0);
    return rowsOf(join(cwd, "f.csv"));
  };
  const runs = rowsOf(join(cwd, "s/runs.csv"));

  const bars = await plot("--kind", "bar", "--x", "trace.rate", "--y", "e2e_mean", "--series", "scheduler");
  const barOf = (row: Row) =>
    bars.find((bar) => bar["trace.rate"] === row["trace.rate"] && bar.scheduler === row.scheduler)?.e2e_mean;
  for (const row of runs) expect(Number(barOf(row))).toBe(Number(row.e2e_mean));

  const cdf = await plot("--kind", "cdf", "--y", "ttft");
  for (const run of ["0", "3"]) {
    const times = rowsOf(join(cwd, `s/${run}/detailed/0.csv`)).map((row) => Number(row.ttft_times));
    const ends = cdf.filter((row) => row.run === run);
    const at = (share: string) => Number(ends.find((row) => row.share === share)?.ttft_seconds);
    expect([at("0"), at("1")]).toEqual([Math.min(...times), Math.max(...times)]);
    // Quantiles by another rule lie between the same neighbours.
    const sorted = times.sort((a, b) => a - b);
    expect(at("0.5")).toBeGreaterThanOrEqual(sorted[39]);
    expect(at("0.5")).toBeLessThanOrEqual(sorted[40]);
    expect(at("0.5")).toBeCloseTo(quantile(sorted, 0.5), 12);
  }

  const pareto = await plot("--kind", "pareto", "--x", "ttft_p99", "--y", "requests_per_second");
  const better = (a: Row, b: Row) =>
    Number(a.ttft_p99) <= Number(b.ttft_p99) &&
    Number(a.requests_per_second) >= Number(b.requests_per_second) &&
    (a.ttft_p99 !== b.ttft_p99 || a.requests_per_second !== b.requests_per_second);
  const front = runs.filter((row) => !runs.some((other) => better(other, row))).map(({ number }) => number);
  expect(pareto.filter((row) => row.on_front === "1").map(({ run }) => run)).toEqual(front);

  const series = await plot("--kind", "timeseries", "--y", "memory", "--filter", "run=2");
  const samples = rowsOf(join(cwd, "s/2/samples.csv"));
  expect(series).toHaveLength(new Set(samples.map(({ seconds }) => seconds)).size);
  for (const { seconds, mean, high } of series) {
    const shares = samples.filter((row) => row.seconds === seconds).map((row) => 100 * Number(row.memory_share));
    expect(Number(mean)).toBeCloseTo(shares.reduce((sum, share) => sum + share, 0) / shares.length, 10);
    expect(Number(high)).toBe(Math.max(...shares));
  }
});

test.each([
  [["--kind", "cdf", "--y", "itl"], /expected a latency: ttft, tbt or e2e/],
  [["--kind", "timeseries", "--y", "memory"], /results.sample_interval=SECONDS/],
  [["--kind", "pareto", "--y", "ttft_p99"], /needs a sweep's folder, --x and --y/],
  [["--kind", "pie", "--x", "a", "--y", "b"], /expected one of line, bar, cdf, pareto, timeseries/],
])("plot %j says what is wrong with status 2", async (options, message) => {
  const cwd = workingDirectory();
  expect((await sweep(cwd, "-m", "seed=0,1", "trace.requests=5", "hydra.sweep.dir=s")).status).toBe(0);
  const { status, stderr } = await sweep(cwd, "plot", "s", ...options);
  expect(stderr).toMatch(message);
  expect(status).toBe(2);
});

test("bins keep means and extremes when they are merged", () => {
  const bins = new Bins(4);
  for (let index = 0; index < 10; index++) bins.add(index, index);
  expect([bins.width, bins.length]).toEqual([4, 3]);
  expect(bins.columns()).toEqual({ mean: [1.5, 5.5, 8.5], low: [0, 4, 8], high: [3, 7, 9] });
});
