/** The answers of `splitwise.ts` as tables for people, relative to Baseline-A100 as the paper's figures are. */
import { formatTextTable, type TextColumn } from "../sweep/text-table.ts";
import { OPTIMA, type SystemCapacity, type SystemOptimum } from "./splitwise.ts";
import type { StudyRun } from "./study-run.ts";

const BASELINE = "Baseline-A100";
const RELATIVE = `x ${BASELINE}`;

const CLUSTER_COLUMNS = [
  ...["prompt", "token", "servers", "cost", "power"].map((title) => right(title, "cluster")),
  ...["servers", "cost", "power"].map((title) => right(title, RELATIVE)),
];

/** The highest rates within the SLOs, and the clusters that reach them. */
export function capacityTable(capacities: readonly SystemCapacity[], width?: number): string[] {
  const baselines = new Map(
    capacities.filter(({ system }) => system === BASELINE).map(({ family, best }) => [family, best]),
  );
  const columns = [left("trace"), left("system"), right("rate"), ...CLUSTER_COLUMNS, right("rate", RELATIVE)];
  const rows = capacities.map(({ family, system, best }) => {
    const baseline = baselines.get(family);
    return [
      family,
      system,
      best === undefined ? "none" : String(best.rate),
      ...cluster(best, baseline),
      ratio(best?.rate, baseline?.rate),
    ];
  });
  return formatTextTable(columns, rows, width);
}

/** Per rate, how many of a system's clusters keep the SLOs. */
export function ratesTable(capacities: readonly SystemCapacity[], width?: number): string[] {
  const rates = [...new Set(capacities.flatMap((system) => system.rates.map(({ rate }) => rate)))].sort(
    (a, b) => a - b,
  );
  const columns = [left("trace"), left("system"), right("of"), ...rates.map((rate) => right(String(rate)))];
  const rows = capacities.map((system) => {
    const kept = new Map(system.rates.map(({ rate, withinSlo }) => [rate, String(withinSlo)]));
    const clusters = Math.max(...system.rates.map(({ runs }) => runs));
    return [system.family, system.system, String(clusters), ...rates.map((rate) => kept.get(rate) ?? "")];
  });
  return formatTextTable(columns, rows, width);
}

/** The least clusters within the SLOs. */
export function optimaTable(optima: readonly SystemOptimum[], width?: number): string[] {
  const columns = [
    left("trace"),
    right("rate"),
    left("system"),
    ...["runs", "within"].map((title) => right(title)),
    left("least"),
    ...CLUSTER_COLUMNS,
  ];
  const rows = OPTIMA.flatMap((figure) =>
    optima.map((optimum) => {
      const { family, rate, system, runs, withinSlo, least } = optimum;
      const baseline = optima.find(
        (other) => other.system === BASELINE && other.family === family && other.rate === rate,
      );
      const start = [family, String(rate), system, String(runs), String(withinSlo), figure];
      return [...start, ...cluster(least[figure], baseline?.least[figure])];
    }),
  );
  return formatTextTable(columns, rows, width);
}

/** Requests completed per second, and per unit of cost. */
export function throughputTable(runs: readonly StudyRun[], width?: number): string[] {
  const columns = [
    left("trace"),
    right("rate"),
    left("system"),
    right("req/s"),
    ...CLUSTER_COLUMNS,
    ...["req/s", "req/s per cost"].map((title) => right(title, RELATIVE)),
  ];
  const perCost = (run: StudyRun | undefined) => run && (run.throughput ?? 0) / run.cost;
  const rows = runs.map((run) => {
    const baseline = runs.find(({ system, family }) => system === BASELINE && family === run.family);
    return [
      run.family,
      String(run.rate),
      run.system,
      (run.throughput ?? 0).toFixed(1),
      ...cluster(run, baseline),
      ratio(run.throughput, baseline?.throughput),
      ratio(perCost(run), perCost(baseline)),
    ];
  });
  return formatTextTable(columns, rows, width);
}

/** Cells of `CLUSTER_COLUMNS`. */
function cluster(run: StudyRun | undefined, baseline: StudyRun | undefined): string[] {
  if (run === undefined) return CLUSTER_COLUMNS.map(() => "-");
  const { promptServers, tokenServers, servers, cost, power } = run;
  return [
    String(promptServers ?? "-"),
    String(tokenServers ?? "-"),
    String(servers),
    cost.toFixed(1),
    power.toFixed(0),
    ratio(servers, baseline?.servers),
    ratio(cost, baseline?.cost),
    ratio(power, baseline?.power),
  ];
}

function ratio(value: number | null | undefined, baseline: number | null | undefined): string {
  return typeof value === "number" && baseline ? (value / baseline).toFixed(2) : "-";
}

function left(title: string): TextColumn {
  return { group: "", title, align: "left" };
}

function right(title: string, group = ""): TextColumn {
  return { group, title, align: "right" };
}
