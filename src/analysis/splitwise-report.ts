/** The answers of `splitwise.ts` as tables for people. */
import { formatTextTable, type TextColumn } from "../sweep/text-table.ts";
import { OPTIMA, type StudyRun, type SystemCapacity, type SystemOptimum } from "./splitwise.ts";

/** What the paper's figures are relative to. */
const BASELINE = "Baseline-A100";

export function capacityTable(capacities: readonly SystemCapacity[]): string[] {
  const baselines = new Map(
    capacities.filter(({ system }) => system === BASELINE).map(({ family, best }) => [family, best?.rate]),
  );
  const columns = [
    left("trace"),
    left("system"),
    ...["runs", "rate", `x ${BASELINE}`, "req/s done", "prompt", "token", "servers", "cost", "power"].map(right),
  ];
  const rows = capacities.map(({ family, system, runs, best }) => {
    const start = [family, system, String(runs)];
    if (best === undefined) return [...start, "none", ...new Array<string>(7).fill("-")];
    const baseline = baselines.get(family);
    const ratio = baseline === undefined ? "-" : (best.rate / baseline).toFixed(2);
    return [...start, String(best.rate), ratio, fixed(best.throughput), ...cluster(best)];
  });
  return formatTextTable(columns, rows);
}

export function optimaTable(optima: readonly SystemOptimum[]): string[] {
  const columns = [
    left("trace"),
    right("rate"),
    left("system"),
    ...["runs", "within"].map(right),
    left("least"),
    ...["prompt", "token", "servers", "cost", "power"].map(right),
  ];
  const rows = optima.flatMap(({ family, rate, system, runs, withinSlo, least }) =>
    OPTIMA.map((figure) => {
      const run = least[figure];
      const end = run === undefined ? new Array<string>(5).fill("-") : cluster(run);
      return [family, String(rate), system, String(runs), String(withinSlo), figure, ...end];
    }),
  );
  return formatTextTable(columns, rows);
}

function cluster({ promptServers, tokenServers, servers, cost, power }: StudyRun): string[] {
  return [whole(promptServers), whole(tokenServers), whole(servers), fixed(cost), fixed(power)];
}

function whole(value: number | null): string {
  return value === null ? "-" : String(value);
}

function fixed(value: number | null): string {
  return value === null ? "-" : value.toFixed(1);
}

function left(title: string): TextColumn {
  return { group: "", title, align: "left" };
}

function right(title: string): TextColumn {
  return { group: "", title, align: "right" };
}
