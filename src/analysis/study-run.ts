/** A run of a study of Splitwise's evaluation, read off its row in the sweep's table. */
import type { SweepRow } from "../sweep/sweep-row.ts";

/** A complete run with service level objectives. */
export interface StudyRun {
  readonly system: string;
  readonly family: string;
  /** Requests/s of the trace. */
  readonly rate: number;
  readonly promptServers: number | null;
  readonly tokenServers: number | null;
  readonly servers: number;
  /** In the units of the study's `slo.servers`. */
  readonly cost: number;
  readonly power: number;
  readonly withinSlo: boolean;
  /** Requests completed per second within the study's window. */
  readonly throughput: number | null;
  /** Slowdowns by the names of their columns. */
  readonly slowdowns: Readonly<Record<string, number | null>>;
  /** Paths of the logs of its instances (`instances/<application>/<instance>.csv`), if it kept them. */
  readonly instanceLogs: readonly string[];
}

/** The run of a row, with these of its files; undefined unless it is complete and has the columns of a study. */
export function studyRun(
  { entry, status, metrics }: SweepRow,
  instanceLogs: readonly string[] = [],
): StudyRun | undefined {
  const { system, family, rate, prompt_servers: promptServers, token_servers: tokenServers } = entry.labels ?? {};
  const { servers, cost, power, within_slo: withinSlo } = metrics;
  if (status !== "done" || typeof system !== "string" || typeof family !== "string") return undefined;
  if (typeof rate !== "number" || typeof withinSlo !== "number") return undefined;
  if (typeof servers !== "number" || typeof cost !== "number" || typeof power !== "number") return undefined;
  return {
    system,
    family,
    rate,
    promptServers: typeof promptServers === "number" ? promptServers : null,
    tokenServers: typeof tokenServers === "number" ? tokenServers : null,
    servers,
    cost,
    power,
    withinSlo: withinSlo === 1,
    throughput: metrics.slo_requests_per_second ?? null,
    slowdowns: Object.fromEntries(Object.entries(metrics).filter(([name]) => name.includes("_slowdown_"))),
    instanceLogs,
  };
}
