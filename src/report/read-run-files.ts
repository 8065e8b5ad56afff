/** What a report reads from the files of single runs, within bounds: its page is to stay small. */
import { join } from "node:path";
import { latencyQuantiles } from "../analysis/latency-quantiles.ts";
import { readSamples } from "../analysis/read-samples.ts";
import type { ShardFile } from "../results/shard-marker.ts";
import type { SweepState } from "../sweep/inspect-sweep.ts";
import type { PlanEntry } from "../sweep/plan.ts";
import { outputDirOf } from "../sweep/sweep-directory.ts";
import type { RunDistribution, RunSamples } from "./report-data.ts";

/** Runs whose tables of requests are read: a distribution takes 2 kB of the page. */
const MOST_DISTRIBUTIONS = 200;

const MOST_SAMPLED_RUNS = 24;
/** Together, of all sampled runs: a second's reading. */
const MOST_SAMPLE_BYTES = 256e6;
/** Points of all curves of the page together, about 300 kB. */
const MOST_POINTS = 1200;
const MOST_POINTS_PER_CURVE = 240;

interface RunFiles {
  readonly entry: PlanEntry;
  /** Row of the sweep's table. */
  readonly row: number;
  readonly directory: string;
  readonly files: readonly ShardFile[];
}

/** Complete runs that have a file of such a name. Rows of packs have no files. */
export function runsWith(
  sweepDir: string,
  { plan, complete }: SweepState,
  isWanted: (name: string) => boolean,
): RunFiles[] {
  const inDirectories = plan.rowsPerPack === undefined ? plan.entries : [];
  return inDirectories.flatMap((entry, row) => {
    const { files = [] } = complete.get(entry.number) ?? {};
    const isOne = files.some(({ name }) => isWanted(name));
    return isOne ? [{ entry, row, directory: outputDirOf(sweepDir, entry), files }] : [];
  });
}

export async function readDistributions(
  sweepDir: string,
  state: SweepState,
  keep: (row: number) => boolean = () => true,
  most = MOST_DISTRIBUTIONS,
) {
  const withTables = runsWith(sweepDir, state, (name) => name.startsWith("detailed/")).filter(({ row }) => keep(row));
  const distributions: RunDistribution[] = [];
  for (const { row, directory, files } of withTables.slice(0, most)) {
    const quantiles = await latencyQuantiles(directory, { files });
    if (quantiles !== undefined) distributions.push({ row, ...quantiles });
  }
  return { distributions, leftOut: Math.max(0, withTables.length - most) };
}

const SAMPLES_NAME = "samples.csv";

export async function readTimeSeries(
  sweepDir: string,
  state: SweepState,
  keep: (row: number) => boolean = () => true,
  most = MOST_SAMPLED_RUNS,
) {
  const sampled = runsWith(sweepDir, state, (name) => name === SAMPLES_NAME).filter(({ row }) => keep(row));
  const points = Math.min(MOST_POINTS_PER_CURVE, Math.floor(MOST_POINTS / Math.min(sampled.length, most)));
  const timeSeries: RunSamples[] = [];
  let bytes = 0;
  let read = 0;
  for (const { row, directory, files } of sampled.slice(0, most)) {
    bytes += files.find(({ name }) => name === SAMPLES_NAME)?.sizeBytes ?? 0;
    if (read > 0 && bytes > MOST_SAMPLE_BYTES) break;
    for (const pool of await readSamples(join(directory, SAMPLES_NAME), points)) timeSeries.push({ row, ...pool });
    read++;
  }
  return { timeSeries, leftOut: sampled.length - read };
}

const INSTANCE_LOG = /^instances\/\d+\/\d+\.csv$/;

/** By run number: paths of the logs of instances that runs with debug on keep. */
export function instanceLogs(sweepDir: string, state: SweepState): Map<number, string[]> {
  const isLog = (name: string) => INSTANCE_LOG.test(name);
  return new Map(
    runsWith(sweepDir, state, isLog).map(({ entry, directory, files }) => [
      entry.number,
      files.flatMap(({ name }) => (isLog(name) ? [join(directory, name)] : [])),
    ]),
  );
}
