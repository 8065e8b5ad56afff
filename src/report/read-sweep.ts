/** Collects what a report shows from a sweep's directory. Changes nothing there. */
import { existsSync, readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { latencyQuantiles } from "../analysis/latency-quantiles.ts";
import { runTable } from "../analysis/run-table.ts";
import { isPlainMap, type PlainValue, readYaml } from "../config/index.ts";
import { readMarker } from "../results/shard-marker.ts";
import { inspectSweep, type SweepState, sweepRows } from "../sweep/inspect-sweep.ts";
import { ORIGINS_NAME, outputDirOf } from "../sweep/sweep-directory.ts";
import type { ConfigLeaf, Failure, ReportData, RunDistribution } from "./report-data.ts";

/** Runs whose tables of requests are read: a distribution takes 2 kB of the page. */
const MOST_DISTRIBUTIONS = 200;

/** Errors: a SweepError if there is no sweep. */
export async function readReportData(sweepDir: string): Promise<ReportData> {
  const state = await inspectSweep(sweepDir);
  const table = runTable(sweepRows(state), state.plan.sweptKeys);
  const { distributions, leftOut } = await readDistributions(sweepDir, state);
  return {
    title: basename(resolve(sweepDir)),
    createdBy: state.plan.createdBy,
    table,
    distributions,
    distributionsLeftOut: leftOut,
    timeSeries: [],
    failures: failuresOf(state),
    config: configOf(sweepDir, state),
  };
}

async function readDistributions(sweepDir: string, { plan, complete }: SweepState) {
  // Rows of packs have no files.
  const inDirectories = plan.rowsPerPack === undefined ? plan.entries : [];
  const withTables = inDirectories.flatMap((entry, row) => {
    const marker = complete.has(entry.number) ? readMarker(outputDirOf(sweepDir, entry)) : undefined;
    if (marker === undefined || typeof marker === "string") return [];
    return marker.files.some(({ name }) => name.startsWith("detailed/")) ? [{ entry, row, marker }] : [];
  });
  const distributions: RunDistribution[] = [];
  for (const { entry, row, marker } of withTables.slice(0, MOST_DISTRIBUTIONS)) {
    const quantiles = await latencyQuantiles(outputDirOf(sweepDir, entry), marker);
    if (quantiles !== undefined) distributions.push({ row, ...quantiles });
  }
  return { distributions, leftOut: Math.max(0, withTables.length - MOST_DISTRIBUTIONS) };
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
  const origins = originsOf(sweepDir);
  return leavesOf("", readYaml(readFileSync(file, "utf8"), file).value as PlainValue).map(([path, value]) => ({
    path,
    value,
    origin: origins.get(path) ?? "",
  }));
}

function originsOf(sweepDir: string): ReadonlyMap<string, string> {
  const file = join(sweepDir, ORIGINS_NAME);
  if (!existsSync(file)) return new Map();
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
