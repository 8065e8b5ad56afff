import { appendFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { start, sweep } from "./command.ts";

let cwd = "";
beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), "servesweep-compare-"));
  const seeds = ["-m", "seed=0,1,2", "trace.requests=40", "-q"];
  const runs = [
    [...seeds, "scheduler=jsq,token_jsq", "trace.rate=4", "hydra.sweep.dir=slow"],
    [...seeds, "scheduler=jsq,token_jsq", "trace.rate=40", "hydra.sweep.dir=fast"],
    // No files of the runs, and rows that share one.
    [...seeds, "scheduler=jsq", "trace.rate=4.0", "results.packing=10", "results.outputs=[]", "hydra.sweep.dir=packed"],
    ["seed=1", "scheduler=jsq", "trace.requests=40", "trace.rate=4", "output_dir=one", "-q"],
    ["seed=2", "trace.requests=40", "trace.rate=4", "output_dir=two", "-q"],
  ];
  for (const words of runs) expect((await sweep(cwd, ...words)).status).toBe(0);
}, 120_000);
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

function metricOfRun(sweepDir: string, number: number, name: string): number {
  return JSON.parse(readFileSync(join(cwd, sweepDir, String(number), "shard.json"), "utf8")).metrics[name];
}

/** 97.5 % quantile of Student's t with 2 degrees of freedom (NIST/SEMATECH e-Handbook, 1.3.6.7.2). */
const T_975_2 = 4.303;

/** Mean and half-width of its interval, by the textbook's formulas. */
function meanOfThree(values: readonly number[]) {
  const mean = values.reduce((sum, value) => sum + value, 0) / 3;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 2;
  return { mean, halfWidth: T_975_2 * Math.sqrt(variance / 3) };
}

async function json(...words: string[]) {
  const { stdout, stderr } = await sweep(cwd, "compare", "--json", ...words);
  expect(stderr).toBe("");
  return JSON.parse(stdout);
}

describe("two sweeps", () => {
  test("are compared pair by pair: means of the differences over seeds, with their confidence, from the shards", async () => {
    const { points } = await json("slow", "fast");
    expect(points.map(({ values }: { values: unknown }) => values)).toEqual([
      { scheduler: "jsq" },
      { scheduler: "token_jsq" },
    ]);
    for (const [index, { pairs, metrics }] of points.entries()) {
      // Runs are in the order of seed, then scheduler.
      const numbers = [0, 2, 4].map((number) => number + index);
      expect(pairs).toEqual(numbers.map((number) => [number, number]));
      for (const name of ["ttft_p99", "e2e_mean", "requests_per_second", "events"]) {
        const before = numbers.map((number) => metricOfRun("slow", number, name));
        const after = numbers.map((number) => metricOfRun("fast", number, name));
        const { mean, halfWidth } = meanOfThree(after.map((value, i) => value - before[i]));
        const found = metrics[name];
        expect(found.a).toBeCloseTo(meanOfThree(before).mean, 9);
        expect(found.b).toBeCloseTo(meanOfThree(after).mean, 9);
        expect(found.difference).toBeCloseTo(mean, 9);
        expect(found.low).toBeCloseTo(mean - halfWidth, 9);
        expect(found.high).toBeCloseTo(mean + halfWidth, 9);
        expect(found.percent).toBeCloseTo((100 * mean) / meanOfThree(before).mean, 9);
        const isClear = Math.abs(mean) > halfWidth;
        const isLowerBetter = name === "ttft_p99" || name === "e2e_mean";
        const verdict = name === "events" ? "differs" : mean < 0 === isLowerBetter ? "better" : "worse";
        expect(found.verdict).toBe(isClear ? verdict : "not distinguishable");
      }
    }
  });

  test("differ in keys of the configuration, each said once", async () => {
    const { config, only_in_a, only_in_b, incomplete } = await json("slow", "fast");
    expect(config).toEqual([{ key: "trace.rate", a: 4, b: 40 }]);
    expect([only_in_a, only_in_b, incomplete]).toEqual([[], [], []]);
    const { stdout } = await sweep(cwd, "compare", "slow", "fast");
    expect(stdout.match(/trace\.rate: 4 -> 40/g)).toHaveLength(1);
  });

  test("that are the same are equal in everything", async () => {
    const { config, points } = await json("slow", "slow");
    expect(config).toEqual([]);
    const verdicts = points.flatMap(({ metrics }: { metrics: Record<string, { verdict: string }> }) =>
      Object.values(metrics).map(({ verdict }) => verdict),
    );
    expect(new Set(verdicts)).toEqual(new Set(["equal"]));
  });

  test("are paired by what a run is where it overrides nothing, although the first run does", async () => {
    const points = (text: string) => `hydra.sweeper.points=[${text}]`;
    const few = ["-m", "trace.requests=40", "-q"];
    await sweep(cwd, ...few, points("{trace.rate:9,seed:1},{seed:0}"), "hydra.sweep.dir=some");
    await sweep(cwd, ...few, points("{trace.rate:9,seed:0},{trace.rate:4,seed:0}"), "hydra.sweep.dir=all");
    // The default of trace.rate is 4 requests/s.
    const { points: paired } = await json("some", "all", "--metrics", "ttft_p99");
    expect(paired.map(({ values }: { values: unknown }) => values)).toEqual([{ "trace.rate": 4 }]);
  });

  test("of which one sweeps what the other fixes are compared where they agree; the other runs are listed", async () => {
    const { points, config, only_in_a } = await json("slow", "packed", "--metrics", "ttft_p99");
    // 4 and 4.0 are the same rate, and the rows of a pack need no directory.
    expect(config).toEqual([]);
    expect(points).toHaveLength(1);
    expect(points[0]).toMatchObject({
      values: { scheduler: "jsq" },
      pairs: [
        [0, 0],
        [2, 1],
        [4, 2],
      ],
    });
    expect(points[0].metrics.ttft_p99).toMatchObject({ pairs: 3, difference: 0, percent: 0, verdict: "equal" });
    expect(only_in_a.map(({ number }: { number: number }) => number)).toEqual([1, 3, 5]);
  });

  test("give a row per point and metric as CSV, and nothing else", async () => {
    const { stdout } = await sweep(cwd, "compare", "slow", "fast", "--csv", "--metrics", "ttft_p99,utilisation");
    const { points } = await json("slow", "fast");
    const [header, ...rows] = stdout.trimEnd().split("\n");
    expect(header).toBe("scheduler,metric,unit,pairs,a,b,difference,low,high,percent,verdict");
    expect(rows.map((row) => row.split(",").slice(0, 4).join())).toEqual([
      "jsq,ttft_p99,s,3",
      "jsq,utilisation,1,3",
      "token_jsq,ttft_p99,s,3",
      "token_jsq,utilisation,1,3",
    ]);
    const { a, b, difference, low, high, percent, verdict } = points[0].metrics.ttft_p99;
    expect(rows[0].split(",").slice(4)).toEqual([...[a, b, difference, low, high, percent].map(String), verdict]);
  });

  test("make tables that fit the terminal", async () => {
    for (const width of [60, 80, 100]) {
      const { stdout } = await start(cwd, ["compare", "slow", "fast"], { COLUMNS: String(width) }).outcome;
      for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(width);
    }
    const { stdout } = await sweep(cwd, "compare", "slow", "fast");
    expect(stdout).not.toContain("not shown");
    expect(stdout).not.toContain("\u001b");
  });
});

describe("runs that are missing", () => {
  test("and those that failed are listed, and the others compared", async () => {
    const words = ["-m", "seed=0,1,2", "trace.requests=40", "-q"];
    await sweep(cwd, ...words, "hydra.sweep.dir=lost");
    const { runId } = JSON.parse(readFileSync(join(cwd, "lost/1/shard.json"), "utf8"));
    for (const run of [1, 2]) rmSync(join(cwd, `lost/${run}/shard.json`));
    const failure = { number: 1, runId, status: "failed", error: { code: "SIMULATION", message: "It failed." } };
    appendFileSync(join(cwd, "lost/journal.jsonl"), `${JSON.stringify(failure)}\n`);
    const { points, incomplete } = await json("lost", "lost", "--metrics", "completed");
    expect(points).toHaveLength(1);
    expect(points[0].metrics.completed.verdict).toBe("equal");
    expect(incomplete).toMatchObject([{ a: { number: 1, status: "failed" } }, { a: { number: 2, status: "pending" } }]);
    const { stdout } = await sweep(cwd, "compare", "lost", "slow");
    expect(stdout).toMatch(/Not compared:\n {2}failed in A: run 1 \(seed=1 trace.requests=40\)/);
  });
});

describe("two single runs", () => {
  test("have no interval, and a verdict only where they are equal", async () => {
    const { points, config } = await json("one", "two");
    expect(config).toContainEqual({ key: "scheduler", a: "jsq", b: "token_jsq" });
    expect(config).toContainEqual({ key: "seed", a: 1, b: 2 });
    expect(points).toHaveLength(1);
    expect(points[0].metrics.requests).toMatchObject({ pairs: 1, low: null, high: null, verdict: "equal" });
    expect(points[0].metrics.ttft_p99).toMatchObject({ pairs: 1, low: null, verdict: "one run each" });
  });

  test("and runs of a sweep are found by what they are where they override nothing", async () => {
    // `two` has the scheduler that the configuration chooses: token_jsq.
    const { points } = await json("two", "slow", "--metrics", "e2e_p99");
    expect(points).toMatchObject([
      { values: { scheduler: "token_jsq" }, pairs: [[0, 5]], metrics: { e2e_p99: { verdict: "equal" } } },
    ]);
  });
});

describe("--fail-if", () => {
  test.each([
    ["ttft_p99 > +2%", 1],
    ["ttft_p99 > 1e9", 0],
    ["ttft_mean worse", 1],
    ["ttft_mean better", 0],
    ["requests_per_second < -0.5", 0],
    ["requests_per_second >= 0.1", 1],
    // A zero baseline: no increase is 0 %.
    ["unfinished > 0%", 0],
    ["unfinished >= 0 %", 1],
  ])("%s: status %d", async (condition, status) => {
    const found = await sweep(cwd, "compare", "slow", "fast", "--fail-if", condition);
    expect(found.status).toBe(status);
    expect(found.stderr.includes(`fail-if ${condition}: holds at scheduler=jsq`)).toBe(status === 1);
  });

  test("one of several is enough", async () => {
    const { status, stdout } = await sweep(
      cwd,
      ...["compare", "slow", "fast", "--json", "--fail-if", "ttft_p99 better", "--fail-if", "ttft_p99 > 2%"],
    );
    expect(status).toBe(1);
    expect(JSON.parse(stdout).fail_if).toMatchObject([
      { condition: "ttft_p99 better", holds: false, at: [] },
      { condition: "ttft_p99 > 2%", holds: true, at: [{ scheduler: "jsq" }, { scheduler: "token_jsq" }] },
    ]);
  });

  test.each([
    ["ttfp_p99 > 2%", 0, "there is no metric 'ttfp_p99'", "ttft_p99"],
    ["ttft_p99 2%", 9, "expected <, <=, >, >=, worse or better", "For example"],
    ["ttft_p99 > two", 11, "expected a number, or a number and %", "For example"],
    ["ttft_p99 > 1e999", 11, "expected a number, or a number and %", "For example"],
    ["events worse", 7, "no way is better for events", "Compare it with a number"],
    ["", 0, "expected the name of a metric", "For example"],
  ])("'%s' is refused with a caret at %d", async (condition, column, message, hint) => {
    const { status, stdout, stderr } = await sweep(cwd, "compare", "slow", "fast", "--fail-if", condition);
    expect([status, stdout]).toEqual([2, ""]);
    const lines = stderr.split("\n");
    expect(lines[0]).toBe(`sweep: --fail-if: ${message}`);
    expect(lines[2]).toBe(`${" ".repeat(column + 2)}^`);
    expect(lines[3]).toContain(hint);
  });

  test.each([
    ["two", "ttft_p99 worse", "one run each cannot tell"],
    ["one", "goodput < -1", "no pair of runs has goodput on both sides"],
  ])("does not pass because %s cannot answer %s", async (run, condition, message) => {
    const { status, stderr } = await sweep(cwd, "compare", "one", run, "--fail-if", condition);
    expect(stderr).toContain(message);
    expect(status).toBe(2);
  });
});

describe("bad input", () => {
  test("is refused, all mistakes at once", async () => {
    const { status, stderr } = await sweep(
      cwd,
      "compare",
      "slow",
      "fast",
      "--metrics",
      "ttft_p9,zzz",
      "--fail-if",
      "x",
    );
    expect(status).toBe(2);
    expect(stderr).toMatch(/no metric 'ttft_p9'(.|\n)*Did you mean(.|\n)*no metric 'zzz'(.|\n)*no metric 'x'/);
    expect(stderr).not.toMatch(/^ +at /m);
  });

  test.each([
    [["slow"], "Found 1 folders, expected two"],
    [["slow", "nowhere"], "'nowhere' holds neither a sweep nor a complete run"],
    [["slow", "fast", "--json", "--csv"], "--json and --csv exclude each other"],
  ])("%j", async (words, message) => {
    const { status, stderr } = await sweep(cwd, "compare", ...words);
    expect(status).toBe(2);
    expect(stderr).toContain(message);
  });

  test("without a pair of runs is an error that lists them", async () => {
    await sweep(cwd, "-m", "seed=7,8", "trace.requests=40", "hydra.sweep.dir=seeds", "-q");
    const { status, stderr } = await sweep(cwd, "compare", "seeds", "slow", "--fail-if", "ttft_p99 > 2%");
    expect(status).toBe(2);
    expect(stderr).toContain("There is nothing to compare");
    expect(stderr).toContain("only in A: run 0 (seed=7");
  });
});

describe("a run and a sweep as CSV", () => {
  test("are runs.csv on stdout, and nothing else", async () => {
    const { stdout } = await sweep(cwd, "-m", "--csv", "seed=0,1", "trace.requests=20", "hydra.sweep.dir=csv", "-q");
    expect(stdout).toBe(readFileSync(join(cwd, "csv/runs.csv"), "utf8"));
    const single = await sweep(cwd, "--csv", "seed=1", "trace.requests=20", "output_dir=csv-run", "-q");
    const [header, row] = single.stdout.trimEnd().split("\n");
    const cells = new Map(header.split(",").map((name, index) => [name, row.split(",")[index]]));
    expect(Number(cells.get("e2e_p99"))).toBe(metricOfRun("csv", 1, "e2e_p99"));
  });
});
