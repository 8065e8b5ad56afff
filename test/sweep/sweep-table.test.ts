import { describe, expect, it } from "vitest";
import { METRICS } from "../../src/results/metrics.ts";
import { formatRunsCsv } from "../../src/sweep/runs-csv.ts";
import type { SweepRow } from "../../src/sweep/sweep-row.ts";
import { formatFigure, formatSweepTable } from "../../src/sweep/sweep-table.ts";
import { formatTextTable } from "../../src/sweep/text-table.ts";

function row(number: number, overrides: readonly string[], metrics: Record<string, number | null> = {}): SweepRow {
  const base = {
    requests: 600,
    completed: 598,
    unfinished: 2,
    requests_per_second: 9.876 + number,
    output_tokens_per_second: 2345.6,
    ttft_mean: 0.3845 + number,
    ttft_p50: 0.25196,
    ttft_p90: 0.57,
    ttft_p99: 1.1558,
    tbt_mean: 0.03275,
    tbt_p50: 0.0331,
    tbt_p90: 0.034,
    tbt_p99: 0.1332,
    e2e_mean: 1.0086,
    e2e_p50: 0.78,
    e2e_p90: 15.52,
    e2e_p99: 117.25,
    utilisation: 0.6327,
  };
  return {
    entry: { number, runId: `id${number}`, subdir: `${number}`, overrides },
    status: "done",
    metrics: { ...base, ...metrics },
    notes: [],
  };
}

const failed = (number: number, overrides: readonly string[]): SweepRow => ({
  ...row(number, overrides),
  status: "failed",
  metrics: {},
});
const lines = (rows: readonly SweepRow[], sweptKeys: readonly string[], width?: number) =>
  formatSweepTable(rows, { sweptKeys, runsCsvPath: "results/x/runs.csv", width }).trimEnd().split("\n");

describe("the table of a sweep", () => {
  it("has a row per run with its swept values and figures of three digits", () => {
    expect(
      lines([row(0, ["seed=0", "cluster=half_half"]), failed(1, ["seed=0", "cluster=solo"])], ["cluster"]),
    ).toEqual([
      "                requests    per second  ------ TTFT, s -------  ---- TBT, ms -----  ----- E2E, s ------  busy",
      "run cluster      done left   req   tok   mean   p50   p90  p99  mean  p50  p90 p99  mean   p50  p90 p99     %",
      "  0 half_half     598    2  9.88  2346  0.385 0.252 0.570 1.16  32.8 33.1 34.0 133  1.01 0.780 15.5 117  63.3",
      "  1 solo       failed    -  -        -  -     -     -     -      -    -    -     -  -    -      -     -   -",
    ]);
  });

  it("gives the mean of runs that differ in their seed, with its confidence", () => {
    const rows = [0, 1, 2].flatMap((seed) =>
      ["a", "b"].map((scheduler, i) => row(2 * seed + i, [`seed=${seed}`, `applications.0.scheduler=${scheduler}`])),
    );
    const printed = lines(rows, ["seed", "applications.0.scheduler"]);
    const start = printed.findIndex((line) => line.startsWith("Means over seeds"));
    expect(start).toBe(9);
    expect(printed[start + 2]).toMatch(/^runs scheduler +done/);
    // TTFT means 0.3845 + {0, 2, 4} and + {1, 3, 5}: mean + 2 and + 3, deviation 2, half-width 4.303 * 2 / sqrt(3) = 4.97.
    expect(printed[start + 3]).toMatch(/^ +3 a +598 +2 +11.9 +2346 +2.38 /);
    expect(printed[start + 4]).toMatch(/^ +±0 +±0 +±5.0 +±0 +±4.97 /);
    expect(printed[start + 5]).toMatch(/^ +3 b .* 3.38 /);
    expect(printed.length).toBe(start + 7);
  });

  it("has no means where nothing is repeated", () => {
    expect(lines([row(0, ["seed=0", "a=1"]), row(1, ["seed=1", "a=2"])], ["seed", "a"]).length).toBe(4);
  });

  it("gives no confidence for a single completed run", () => {
    const rows = [
      row(0, ["seed=0", "x=a"]),
      failed(1, ["seed=1", "x=a"]),
      row(2, ["seed=0", "x=b"]),
      row(3, ["seed=1", "x=b"]),
    ];
    const means = lines(rows, ["seed", "x"]).slice(-3);
    expect(means[0]).toMatch(/^ +1 a +598/);
    expect(means[1]).toMatch(/^ +2 b +598/);
    expect(means[2]).toMatch(/^ +±0/);
  });

  it("prints the means only, and where the runs are, for 500 runs", () => {
    const rows = Array.from({ length: 500 }, (_, i) =>
      row(i, [`seed=${Math.floor(i / 2)}`, `scheduler=${i % 2 ? "a" : "b"}`]),
    );
    const printed = lines(rows, ["seed", "scheduler"]);
    expect(printed.length).toBe(8);
    expect(printed.at(-1)).toBe("All 500 runs: results/x/runs.csv");
  });

  it("cuts off a long list of configurations, saying so", () => {
    const rows = Array.from({ length: 90 }, (_, i) => row(i, [`x=${i}`]));
    expect(lines(rows, ["x"]).slice(-2)).toEqual(["... and 50 more runs", "All 90 runs: results/x/runs.csv"]);
  });

  it.each([160, 100, 80, 40, 20])("stays within %d columns, whatever is swept", (width) => {
    const long = ["a".repeat(300), "b".repeat(90), "trace.filename", "x.y.z", "k1", "k2", "k3", "k4"];
    const rows = [0, 1].map((i) =>
      row(
        i,
        long.map((key) => `${key}=${`value-${i}-`.repeat(20)}`),
        { output_tokens_per_second: 123456789 },
      ),
    );
    const printed = lines(rows, long, width).filter((line) => !line.includes("/runs.csv"));
    const words = long.slice(0, 2);
    for (const line of printed) {
      if (!words.some((word) => line.includes(word))) expect([...line].length).toBeLessThanOrEqual(width);
    }
    expect(printed.some((line) => line.startsWith("not shown for lack"))).toBe(true);
  });

  it("leaves out quantiles before means and 99th percentiles, and says so", () => {
    const all = [row(0, ["cluster=half_half"]), row(1, ["cluster=solo"])];
    const printed = lines(all, ["cluster"], 80);
    expect(printed[1]).toMatch(/^run cluster +done left +req +tok +mean +p99 +mean +p99 +mean +p99 +%$/);
    expect(printed.slice(4).join(" ")).toBe(
      "not shown for lack of room: TTFT p50, TTFT p90, TBT p50, TBT p90, E2E p50, E2E p90",
    );
  });

  it("leaves nothing out where there is no terminal", () => {
    const value = "v".repeat(300);
    expect(lines([row(0, [`x=${value}`]), row(1, ["x=y"])], ["x"])[2]).toContain(value);
  });

  it("prints no control characters of swept values", () => {
    const printed = lines([row(0, ["x=\u001b[2J\u0007"]), row(1, ["x=y"])], ["x"]).join("");
    expect(printed).not.toMatch(/\p{Cc}/u);
  });

  it("titles a column by the shortest ending of its key that tells it from the others", () => {
    const keys = ["start_state.prompt.num_instances", "start_state.token.num_instances", "seed"];
    expect(lines([row(0, [])], keys)[1]).toMatch(/^run prompt.num_instances token.num_instances seed /);
  });

  it("counts the runs that have not started, and does not list them", () => {
    const pending = (number: number): SweepRow => ({
      ...row(number, [`seed=${number}`]),
      status: "pending",
      metrics: {},
    });
    const shown = lines([row(0, ["seed=0"]), pending(1), pending(2)], ["seed"]);
    const headings = 2;
    expect(shown.length).toBe(headings + 2);
    expect(shown.at(-1)).toBe("2 of 3 runs have not started");
  });

  it("of nothing is a heading", () => {
    expect(lines([], []).length).toBe(2);
  });

  it.each([
    [0, "0"],
    [1234.5, "1235"],
    [123.45, "123"],
    [12.345, "12.3"],
    [1.2345, "1.23"],
    [0.012345, "0.0123"],
    [1e-7, "1.00e-7"],
    [-3.5, "-3.50"],
  ])("prints %d as %s", (value, text) => {
    expect(formatFigure(value)).toBe(text);
  });
});

describe("a text table", () => {
  it("without groups has no line for them", () => {
    const columns = [
      { group: "", title: "name", align: "left" },
      { group: "", title: "n", align: "right" },
    ] as const;
    expect(formatTextTable(columns, [["x", "10"]])).toEqual(["name  n", "x    10"]);
  });

  it("puts decimal points below each other", () => {
    const column = { group: "", title: "s", align: "decimal" } as const;
    expect(formatTextTable([column], [["0.125"], ["-"], ["10"], ["±3.5"]])).toEqual([
      "     s",
      " 0.125",
      " -",
      "10",
      "±3.5",
    ]);
  });
});

describe("runs.csv", () => {
  it("quotes what must be, and leaves cells without a value empty", () => {
    const text = formatRunsCsv(
      [row(0, ['tags=[a,"b"]', "+x=1"], { ttft_mean: null }), failed(1, ["x=2"])],
      ["tags", "x"],
    );
    const [header, first, second] = text.split("\n");
    expect(header).toBe(`number,run_id,tags,x,status,${METRICS.map(({ name }) => name).join(",")}`);
    expect(first).toMatch(/^0,id0,"\[a,""b""\]",1,done,600,598,2,,9.876,/);
    expect(second).toBe(`1,id1,,2,failed${",".repeat(METRICS.length)}`);
  });
});
