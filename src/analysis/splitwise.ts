/**
 * The questions of Splitwise's evaluation (Patel et al., ISCA 2024, section 6), asked of finished runs: up to which rate
 * does each system keep its SLOs, and which of its configurations does so at the least cost, power or number of servers?
 */
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
  readonly cost: number;
  readonly power: number;
  readonly withinSlo: boolean;
  /** Requests completed per second within the study's window. */
  readonly throughput: number | null;
}

export interface SystemCapacity {
  readonly family: string;
  readonly system: string;
  readonly runs: number;
  /** The run of the highest rate within the SLOs, the cheapest one among equals; undefined if there is none. */
  readonly best: StudyRun | undefined;
}

export const OPTIMA = ["cost", "power", "servers"] as const;

export interface SystemOptimum {
  readonly family: string;
  readonly rate: number;
  readonly system: string;
  readonly runs: number;
  readonly withinSlo: number;
  /** By what is least; undefined if no configuration keeps the SLOs. */
  readonly least: Readonly<Record<(typeof OPTIMA)[number], StudyRun | undefined>>;
}

/** The run of a row; undefined unless it is complete and has the columns of a study. */
export function studyRun({ entry, status, metrics }: SweepRow): StudyRun | undefined {
  const { labels = {} } = entry;
  const { system, family, rate } = labels;
  const { servers, cost, power, within_slo: withinSlo } = metrics;
  if (status !== "done" || typeof rate !== "number" || typeof withinSlo !== "number") return undefined;
  if (typeof servers !== "number" || typeof cost !== "number" || typeof power !== "number") return undefined;
  return {
    system: String(system),
    family: String(family),
    rate,
    promptServers: count(labels.prompt_servers),
    tokenServers: count(labels.token_servers),
    servers,
    cost,
    power,
    withinSlo: withinSlo === 1,
    throughput: metrics.slo_requests_per_second ?? null,
  };
}

function count(label: unknown): number | null {
  return typeof label === "number" ? label : null;
}

/** Per trace family and system, in order of first appearance. */
export function capacities(runs: readonly StudyRun[]): SystemCapacity[] {
  return groups(runs, ({ family, system }) => [family, system]).map((group) => ({
    family: group[0].family,
    system: group[0].system,
    runs: group.length,
    best: least(within(group), (a, b) => b.rate - a.rate || a.cost - b.cost || a.power - b.power),
  }));
}

/** Per trace family, rate and system that was run with several clusters. */
export function optima(runs: readonly StudyRun[]): SystemOptimum[] {
  return groups(runs, ({ family, rate, system }) => [family, rate, system])
    .filter((group) => group.some(({ cost, power }) => cost !== group[0].cost || power !== group[0].power))
    .map((group) => {
      const kept = within(group);
      return {
        family: group[0].family,
        rate: group[0].rate,
        system: group[0].system,
        runs: group.length,
        withinSlo: kept.length,
        least: {
          cost: least(kept, (a, b) => a.cost - b.cost || a.power - b.power),
          power: least(kept, (a, b) => a.power - b.power || a.cost - b.cost),
          servers: least(kept, (a, b) => a.servers - b.servers || a.cost - b.cost),
        },
      };
    });
}

function within(runs: readonly StudyRun[]): StudyRun[] {
  return runs.filter(({ withinSlo }) => withinSlo);
}

/** The first of the least. */
function least<Item>(items: readonly Item[], compare: (a: Item, b: Item) => number): Item | undefined {
  return items.reduce<Item | undefined>(
    (best, item) => (best === undefined || compare(item, best) < 0 ? item : best),
    undefined,
  );
}

function groups<Item>(items: readonly Item[], keyOf: (item: Item) => readonly (string | number)[]): Item[][] {
  const found = new Map<string, Item[]>();
  for (const item of items) {
    const key = JSON.stringify(keyOf(item));
    const group = found.get(key);
    if (group === undefined) found.set(key, [item]);
    else group.push(item);
  }
  return [...found.values()];
}
