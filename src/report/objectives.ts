/** What the runs of a table were measured against, as far as their columns and their configuration tell. */
import type { RunTable } from "../analysis/run-table.ts";
import type { ConfigLeaf, Objective } from "./report-data.ts";

const LATENCIES = ["ttft", "tbt", "e2e"] as const;
const QUANTILES = ["p50", "p90", "p99"] as const;

/** In the order of latencies and percentiles; empty if the runs have no objectives. */
export function objectivesOf(table: RunTable, config: readonly ConfigLeaf[]): Objective[] {
  const names = new Set(table.columns.map(({ name }) => name));
  const swept = table.columns.filter(({ role }) => role === "parameter").map(({ name }) => name);
  const isSwept = swept.some((name) => name === "slo" || name.startsWith("slo."));
  const limitAt = (path: string) => {
    const value = Number(config.find((leaf) => leaf.path === path)?.value ?? Number.NaN);
    return isSwept || Number.isNaN(value) ? null : value;
  };
  const limits = LATENCIES.flatMap((latency) =>
    QUANTILES.map(
      (quantile): Objective => ({
        column: `${latency}_slowdown_${quantile}`,
        label: `${latency.toUpperCase()} ${quantile}`,
        kind: "limit",
        limit: limitAt(`slo.limits.${latency}.${quantile}`),
      }),
    ),
  );
  const shares = LATENCIES.map(
    (latency): Objective => ({
      column: `${latency}_attainment`,
      label: latency.toUpperCase(),
      kind: "share",
      limit: limitAt(`slo.targets.${latency}`),
    }),
  );
  const all: Objective = { column: "slo_attainment", label: "all targets", kind: "share", limit: null };
  return [...limits, ...shares, all].filter(({ column }) => names.has(column));
}
