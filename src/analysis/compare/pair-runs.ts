/** Which run of one side is compared with which of the other. */
import { overrideValues, REPETITION_KEY } from "../../sweep/swept-keys.ts";
import { type Cell, overrideCell } from "../run-table.ts";
import type { Side, SideRun } from "./side.ts";

export interface RunPair {
  readonly a: SideRun;
  readonly b: SideRun;
}

/** Pairs that differ in their seeds only. */
export interface PairedPoint {
  /** By key, without the seed; a null where neither side says. */
  readonly values: ReadonlyMap<string, Cell>;
  readonly pairs: readonly RunPair[];
}

export interface Pairing {
  /** The keys by which runs are paired, without the seed. */
  readonly keys: readonly string[];
  /** In the order of A's runs. */
  readonly points: readonly PairedPoint[];
  /** Runs without a counterpart. */
  readonly onlyA: readonly SideRun[];
  readonly onlyB: readonly SideRun[];
}

/**
 * Pairs runs whose values are equal for every key that varies within a side. A key that has one value throughout A and one
 * throughout B is what the sides differ in as a whole, or nothing. Of several runs with the same values the first are paired,
 * then the second. O(runs x overrides).
 */
export function pairRuns(a: Side, b: Side): Pairing {
  const valuesA = a.runs.map((run) => overrideValues(run.overrides));
  const valuesB = b.runs.map((run) => overrideValues(run.overrides));
  const varied = [...new Set([...variedKeys(valuesA), ...variedKeys(valuesB)])];
  const identityIn = (side: Side, values: ReadonlyMap<string, string>) =>
    varied.map((key): Cell => overrideCell(values.get(key) ?? side.defaultValue(key)));

  const waiting = new Map<string, SideRun[]>();
  b.runs.forEach((run, index) => {
    const identity = JSON.stringify(identityIn(b, valuesB[index]));
    const alike = waiting.get(identity);
    if (alike === undefined) waiting.set(identity, [run]);
    else alike.push(run);
  });
  const keys = varied.filter((key) => key !== REPETITION_KEY);
  const points = new Map<string, { values: Map<string, Cell>; pairs: RunPair[] }>();
  const onlyA: SideRun[] = [];
  const taken = new Set<SideRun>();
  const passed = new Map<string, number>();
  a.runs.forEach((run, index) => {
    const cells = identityIn(a, valuesA[index]);
    const identity = JSON.stringify(cells);
    const position = passed.get(identity) ?? 0;
    const counterpart = waiting.get(identity)?.[position];
    if (counterpart === undefined) {
      onlyA.push(run);
      return;
    }
    passed.set(identity, position + 1);
    taken.add(counterpart);
    const all = new Map(varied.map((key, i) => [key, cells[i]]));
    const values = new Map(keys.map((key) => [key, all.get(key) ?? null]));
    const name = JSON.stringify([...values.values()]);
    const point = points.get(name) ?? { values, pairs: [] };
    point.pairs.push({ a: run, b: counterpart });
    points.set(name, point);
  });
  return { keys, points: [...points.values()], onlyA, onlyB: b.runs.filter((run) => !taken.has(run)) };
}

/** The keys whose value is not the same in all runs of a side; equal numbers may be spelt differently. */
function variedKeys(valuesByRun: readonly ReadonlyMap<string, string>[]): string[] {
  const keys = new Set(valuesByRun.flatMap((values) => [...values.keys()]));
  return [...keys].filter((key) => {
    const first = overrideCell(valuesByRun[0].get(key));
    return valuesByRun.some((values) => overrideCell(values.get(key)) !== first);
  });
}
