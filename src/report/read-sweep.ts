/** Collects what a report shows from the directory of a sweep or of a run. Changes nothing there. */
import { existsSync, readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { runTable } from "../analysis/run-table.ts";
import { isPlainMap, type PlainValue, readYaml } from "../config/index.ts";
import { inspectResults } from "../sweep/inspect-results.ts";
import { type SweepState, sweepRows } from "../sweep/inspect-sweep.ts";
import type { PlanEntry } from "../sweep/plan.ts";
import { ORIGINS_NAME, outputDirOf } from "../sweep/sweep-directory.ts";
import { objectivesOf } from "./objectives.ts";
import { readDistributions, readTimeSeries } from "./read-run-files.ts";
import { readSwapping } from "./read-swapping.ts";
import type { ConfigLeaf, Failure, ReportData } from "./report-data.ts";

/** Errors: a SweepError if there is no sweep. */
export async function readReportData(sweepDir: string): Promise<ReportData> {
  const state = await inspectResults(sweepDir);
  const table = runTable(sweepRows(state), state.plan.sweptKeys);
  const { distributions, leftOut } = await readDistributions(sweepDir, state);
  const samples = await readTimeSeries(sweepDir, state);
  const config = configOf(sweepDir, state);
  return {
    title: basename(resolve(sweepDir)),
    createdBy: state.plan.createdBy,
    table,
    distributions,
    distributionsLeftOut: leftOut,
    timeSeries: samples.timeSeries,
    timeSeriesLeftOut: samples.leftOut,
    objectives: objectivesOf(table, config),
    swapping: readSwapping(sweepDir, state),
    failures: failuresOf(state),
    config,
  };
}

function failuresOf({ missing }: SweepState): Failure[] {
  return missing.flatMap(({ entry, failure }) =>
    failure === undefined
      ? []
      : [{ number: entry.number, overrides: entry.overrides.join(" "), message: failure.message }],
  );
}

/** Of the first complete run that recorded it, or of the sweep. */
function configOf(sweepDir: string, { plan, complete }: SweepState): ConfigLeaf[] {
  const recorded = plan.entries
    .filter(({ number }) => complete.has(number))
    .slice(0, 1)
    .map((entry) => join(outputDirOf(sweepDir, entry), ".hydra/config.yaml"));
  const file = [...recorded, join(sweepDir, "multirun.yaml")].find((candidate) => existsSync(candidate));
  if (file === undefined) return [];
  const origins = originsOf(sweepDir, plan.entries);
  return leavesOf("", readYaml(readFileSync(file, "utf8"), file).value as PlainValue).map(([path, value]) => ({
    path,
    value,
    origin: origins.get(path) ?? "",
  }));
}

/** Of a sweep or a single run; without a record of them the overrides of the only run are known. */
function originsOf(sweepDir: string, entries: readonly PlanEntry[]): ReadonlyMap<string, string> {
  const file = [ORIGINS_NAME, join(".hydra", ORIGINS_NAME)]
    .map((name) => join(sweepDir, name))
    .find((candidate) => existsSync(candidate));
  if (file === undefined) {
    const overrides = entries.length === 1 ? entries[0].overrides : [];
    return new Map(overrides.map((text) => [text.replace(/^\+{0,2}([^=]*)=.*$/s, "$1"), `override ${text}`]));
  }
  const lines = readFileSync(file, "utf8").split("\n");
  return new Map(
    lines.filter((line) => line.includes("\t")).map((line) => line.split("\t", 2) as [path: string, origin: string]),
  );
}

function leavesOf(path: string, value: PlainValue): [path: string, value: string][] {
  const inside = (key: string | number) => (path === "" ? String(key) : `${path}.${key}`);
  if (Array.isArray(value) && value.some((item) => typeof item === "object" && item !== null)) {
    return value.flatMap((item, index) => leavesOf(inside(index), item));
  }
  if (isPlainMap(value) && Object.keys(value).length > 0) {
    return Object.entries(value).flatMap(([key, item]) => leavesOf(inside(key), item));
  }
  return [[path, typeof value === "string" ? value : JSON.stringify(value)]];
}
