/** Which run of one side is compared with which of the other. */
import { IGNORED_KEYS } from "../../sweep/run-id.ts";
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

/** A key that has one value throughout A and another throughout B; undefined where that is not known. */
export interface OverrideDifference {
  readonly path: string;
  readonly a: string | undefined;
  readonly b: string | undefined;
}

export interface Pairing {
  /** The keys by which runs are paired, without the seed. */
  readonly keys: readonly string[];
  /** In the order of A's runs. */
  readonly points: readonly PairedPoint[];
  /** Runs without a counterpart. */
  readonly onlyA: readonly SideRun[];
  readonly onlyB: readonly SideRun[];
  readonly overrides: readonly OverrideDifference[];
}

/**
 * Pairs runs whose values are equal for every key that varies within a side. A key that has one value throughout A and one
 * throughout B is what the sides differ in as a whole, or nothing. Of several runs with the same values the first are paired,
 * then the second. O(runs x overrides).
 */
export function pairRuns(a: Side, b: Side): Pairing {
  const valuesA = a.runs.map(identifyingValues);
  const valuesB = b.runs.map(identifyingValues);
  const varied = [...new Set([...variedKeys(valuesA), ...variedKeys(valuesB)])];
  const identityIn = (side: Side, run: SideRun, values: ReadonlyMap<string, string>) =>
    varied.map((key): Cell => overrideCell(values.get(key) ?? side.defaultValue(key, run)));

  const waiting = new Map<string, SideRun[]>();
  b.runs.forEach((run, index) => {
    const identity = JSON.stringify(identityIn(b, run, valuesB[index]));
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
    const cells = identityIn(a, run, valuesA[index]);
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
  return {
    keys,
    points: [...points.values()],
    onlyA,
    onlyB: b.runs.filter((run) => !taken.has(run)),
    overrides: fixedDifferences({ side: a, values: valuesA[0] }, { side: b, values: valuesB[0] }, varied),
  };
}

/** Values by key, without those that results do not depend on. */
function identifyingValues({ overrides }: SideRun): ReadonlyMap<string, string> {
  const values = overrideValues(overrides);
  for (const key of values.keys()) if (IGNORED_KEYS.has(key.split(".")[0])) values.delete(key);
  return values;
}

interface FirstRun {
  readonly side: Side;
  readonly values: ReadonlyMap<string, string> | undefined;
}

function fixedDifferences(a: FirstRun, b: FirstRun, varied: readonly string[]): OverrideDifference[] {
  const valueIn = ({ side, values }: FirstRun, key: string) => values?.get(key) ?? side.defaultValue(key, side.runs[0]);
  const overridden = new Set([...(a.values?.keys() ?? []), ...(b.values?.keys() ?? [])]);
  return [...overridden]
    .filter((key) => !varied.includes(key))
    .map((path) => ({ path, a: valueIn(a, path), b: valueIn(b, path) }))
    .filter((difference) => overrideCell(difference.a) !== overrideCell(difference.b));
}

/** The keys whose value is not the same in all runs of a side; equal numbers may be spelt differently. */
function variedKeys(valuesByRun: readonly ReadonlyMap<string, string>[]): string[] {
  const keys = new Set(valuesByRun.flatMap((values) => [...values.keys()]));
  return [...keys].filter((key) => {
    const first = overrideCell(valuesByRun[0].get(key));
    return valuesByRun.some((values) => overrideCell(values.get(key)) !== first);
  });
}
