/**
 * The questions of Splitwise's evaluation (Patel et al., ISCA 2024, section 6), asked of finished runs: up to which rate
 * does each system keep its SLOs, which of its clusters does so at the least cost, power or number of servers, and how
 * many requests does it complete?
 */
import type { StudyRun } from "./study-run.ts";

export interface SystemCapacity {
  readonly family: string;
  readonly system: string;
  readonly runs: number;
  /** By ascending rate: how many of the runs keep the SLOs. */
  readonly rates: readonly { readonly rate: number; readonly runs: number; readonly withinSlo: number }[];
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

/** Per trace family and system, in order of first appearance, for families with several rates. */
export function capacities(runs: readonly StudyRun[]): SystemCapacity[] {
  const swept = groups(runs, ({ family }) => [family]).filter((family) => hasRates(family));
  return groups(swept.flat(), ({ family, system }) => [family, system]).map((group) => ({
    family: group[0].family,
    system: group[0].system,
    runs: group.length,
    rates: groups(group, ({ rate }) => [rate])
      .map((same) => ({ rate: same[0].rate, runs: same.length, withinSlo: within(same).length }))
      .sort((a, b) => a.rate - b.rate),
    best: least(within(group), (a, b) => b.rate - a.rate || a.cost - b.cost || a.power - b.power),
  }));
}

/** Per trace family, rate and system, for rates at which some system was run with clusters of different size. */
export function optima(runs: readonly StudyRun[]): SystemOptimum[] {
  const systems = groups(runs, ({ family, rate, system }) => [family, rate, system]);
  const identity = ({ family, rate }: StudyRun) => JSON.stringify([family, rate]);
  const provisioned = new Set(systems.filter(differInSize).map(([first]) => identity(first)));
  return systems
    .filter(([first]) => provisioned.has(identity(first)))
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

/** The runs of trace families with one rate and one cluster a system, within the SLOs or not. */
export function throughputs(runs: readonly StudyRun[]): StudyRun[] {
  return groups(runs, ({ family }) => [family])
    .filter((family) => !hasRates(family) && new Set(family.map(({ system }) => system)).size === family.length)
    .flat()
    .filter(({ throughput }) => throughput !== null);
}

function hasRates(runs: readonly StudyRun[]): boolean {
  return runs.some(({ rate }) => rate !== runs[0].rate);
}

/** Clusters of equal cost or power differ a little all the same, because servers are whole. */
const SAME_BUDGET = 1.05;

function differInSize(runs: readonly StudyRun[]): boolean {
  return (["cost", "power"] as const).every((figure) => {
    const sorted = Float64Array.from(runs, (run) => run[figure]).sort();
    return sorted[sorted.length - 1] > SAME_BUDGET * sorted[0];
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
