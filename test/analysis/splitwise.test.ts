import { expect, test } from "vitest";
import { capacities, optima, throughputs } from "../../src/analysis/splitwise.ts";
import { studyRun } from "../../src/analysis/study-run.ts";
import type { SweepRow } from "../../src/sweep/sweep-row.ts";
import { studyRunLike } from "./study-runs.ts";

const A100 = { cost: 2.21 * 70, power: 24.8 * 70, servers: 70 };

test("the capacity of a system is its highest rate within the SLOs, even if a lower one is missed", () => {
  const runs = [
    studyRunLike({ rate: 60 }),
    studyRunLike({ rate: 70, withinSlo: false }),
    studyRunLike({ rate: 80 }),
    studyRunLike({ rate: 90, withinSlo: false }),
  ];
  const [capacity] = capacities(runs);
  expect(capacity.best?.rate).toBe(80);
  expect(capacity.rates.map(({ withinSlo }) => withinSlo)).toEqual([1, 0, 1, 0]);
});

test("of several clusters that reach the highest rate the cheapest counts, then the one of least power", () => {
  const runs = [
    studyRunLike({ rate: 60, servers: 10 }),
    studyRunLike({ rate: 80, cost: 150, power: 1700 }),
    studyRunLike({ rate: 80, cost: 140, power: 1800 }),
    studyRunLike({ rate: 80, cost: 140, power: 1750 }),
  ];
  expect(capacities(runs)[0].best).toBe(runs[3]);
});

test("a system that keeps the SLOs at no rate has no best cluster", () => {
  const runs = [studyRunLike({ rate: 60, withinSlo: false }), studyRunLike({ rate: 70, withinSlo: false })];
  expect(capacities(runs)[0].best).toBeUndefined();
});

test("trace families and systems are not mixed", () => {
  const runs = ["rr_conv", "rr_code"].flatMap((family) =>
    ["Splitwise-HH", "Baseline-A100"].flatMap((system) =>
      [50, 60].map((rate) => studyRunLike({ family, system, rate, withinSlo: family === "rr_conv" })),
    ),
  );
  expect(capacities(runs).map(({ family, system, best }) => [family, system, best?.rate])).toEqual([
    ["rr_conv", "Splitwise-HH", 60],
    ["rr_conv", "Baseline-A100", 60],
    ["rr_code", "Splitwise-HH", undefined],
    ["rr_code", "Baseline-A100", undefined],
  ]);
});

test("the least clusters of a rate are those within the SLOs, by cost, power and servers", () => {
  const runs = [
    studyRunLike({ servers: 5, withinSlo: false }),
    studyRunLike({ servers: 30, cost: 100, power: 2000 }),
    studyRunLike({ servers: 35, cost: 110, power: 1000 }),
    studyRunLike({ servers: 20, cost: 120, power: 3000 }),
  ];
  const [{ least, withinSlo, runs: count }] = optima(runs);
  expect([least.cost, least.power, least.servers]).toEqual([runs[1], runs[2], runs[3]]);
  expect([count, withinSlo]).toEqual([4, 3]);
});

test("clusters of one budget have no least: only rates with clusters of different size do", () => {
  const budget = [studyRunLike({ cost: 189.2, power: 1841 }), studyRunLike({ cost: 190.1, power: 2062 })];
  expect(optima(budget)).toEqual([]);
});

test("a baseline of one cluster stands beside systems with many", () => {
  const runs = [
    studyRunLike({ system: "Baseline-A100", ...A100 }),
    studyRunLike({ servers: 30 }),
    studyRunLike({ servers: 40 }),
  ];
  expect(optima(runs).map(({ system }) => system)).toEqual(["Baseline-A100", "Splitwise-HH"]);
});

test("throughputs are of one run a system at one rate", () => {
  const one = studyRunLike({ throughput: 60 });
  const other = studyRunLike({ system: "Baseline-A100", ...A100, throughput: 50 });
  expect(throughputs([one, other])).toEqual([one, other]);
  expect(throughputs([one, other, studyRunLike({ servers: 41, throughput: 61 })])).toEqual([]);
  expect(throughputs([one, studyRunLike({ rate: 80, system: "Baseline-A100", throughput: 61 })])).toEqual([]);
});

test("a row is a study's run only if it is complete and has labels and service levels", () => {
  const metrics = { servers: 40, cost: 190.4, power: 1760, within_slo: 1, ttft_slowdown_p50: 0.5, ttft_p50: 0.1 };
  const labels = { system: "Splitwise-HH", family: "rr_conv", rate: 70, prompt_servers: 25, token_servers: 15 };
  const entry = { number: 0, runId: "0", subdir: "0", overrides: [], labels };
  const row: SweepRow = { entry, status: "done", metrics, notes: [] };
  expect(studyRun(row)).toMatchObject({
    system: "Splitwise-HH",
    rate: 70,
    promptServers: 25,
    withinSlo: true,
    throughput: null,
    slowdowns: { ttft_slowdown_p50: 0.5 },
  });
  expect(studyRun({ ...row, status: "pending", metrics: {} })).toBeUndefined();
  expect(studyRun({ ...row, entry: { ...entry, labels: { ...labels, system: null } } })).toBeUndefined();
  expect(studyRun({ ...row, metrics: { ...metrics, within_slo: null } })).toBeUndefined();
});
