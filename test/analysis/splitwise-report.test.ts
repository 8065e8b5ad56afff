import { expect, test } from "vitest";
import { capacities, optima } from "../../src/analysis/splitwise.ts";
import { capacityTable, optimaTable, ratesTable, throughputTable } from "../../src/analysis/splitwise-report.ts";
import { studyRunLike } from "./study-runs.ts";

const BASELINE = { system: "Baseline-A100", cost: 100, power: 1000, servers: 50 };

test("capacities are relative to Baseline-A100 of the same trace family", () => {
  const runs = [
    studyRunLike({ ...BASELINE, rate: 50 }),
    studyRunLike({ ...BASELINE, rate: 60, withinSlo: false }),
    studyRunLike({ rate: 120, servers: 25, cost: 120, power: 800, promptServers: 20, tokenServers: 5 }),
    studyRunLike({ family: "rr_code", rate: 80 }),
    studyRunLike({ family: "rr_code", rate: 90 }),
  ];
  const lines = capacityTable(capacities(runs)).map((line) => line.split(/ +/));
  expect(lines[2]).toEqual("rr_conv Baseline-A100 50 - - 50 100.0 1000 1.00 1.00 1.00 1.00".split(" "));
  expect(lines[3]).toEqual("rr_conv Splitwise-HH 120 20 5 25 120.0 800 0.50 1.20 0.80 2.40".split(" "));
  expect(lines[4]?.slice(-4)).toEqual(["-", "-", "-", "-"]);
});

test("the table of rates counts a system's clusters within the SLOs, and leaves rates empty that it was not run at", () => {
  const runs = [
    studyRunLike({ rate: 50 }),
    studyRunLike({ rate: 50, withinSlo: false }),
    studyRunLike({ rate: 70, withinSlo: false }),
    studyRunLike({ system: "Splitwise-AA", rate: 60 }),
  ];
  expect(ratesTable(capacities(runs))).toEqual([
    "trace   system       of 50 60 70",
    "rr_conv Splitwise-HH  2  1     0",
    "rr_conv Splitwise-AA  1     1",
  ]);
});

test("least clusters are relative to the least of Baseline-A100 by the same figure", () => {
  const runs = [
    studyRunLike({ ...BASELINE }),
    studyRunLike({ ...BASELINE, cost: 200, power: 500, servers: 100 }),
    studyRunLike({ servers: 25, cost: 50, power: 600 }),
  ];
  const lines = optimaTable(optima(runs)).map((line) => line.split(/ +/));
  const ours = lines.filter((cells) => cells.includes("Splitwise-HH"));
  expect(ours.map((cells) => [cells[5], ...cells.slice(-3)])).toEqual([
    ["cost", "0.50", "0.50", "0.60"],
    ["power", "0.25", "0.25", "1.20"],
    ["servers", "0.50", "0.50", "0.60"],
  ]);
});

test("throughputs are relative to Baseline-A100, per unit of cost too", () => {
  const runs = [studyRunLike({ ...BASELINE, throughput: 100 }), studyRunLike({ cost: 50, throughput: 80 })];
  expect(throughputTable(runs).at(-1)?.split(/ +/).slice(-2)).toEqual(["0.80", "1.60"]);
});
