/** `samples.csv` of a run, thinned out to so many points: read as a stream, in memory that does not depend on its length. */
import { open } from "node:fs/promises";
import { Bins } from "./bins.ts";
import type { PoolSamples } from "./sampled-measures.ts";

interface Measure {
  readonly name: string;
  readonly unit: string;
  readonly doc: string;
  /** Column of the file. */
  readonly column: string;
  readonly of: (cell: number) => number;
}

const same = (cell: number) => cell;

const MEASURES: readonly Measure[] = [
  { name: "batch", unit: "tasks", doc: "Tasks in an instance's running batch", column: "running", of: same },
  { name: "waiting", unit: "tasks", doc: "Tasks that wait at an instance", column: "waiting", of: same },
  { name: "batch_tokens", unit: "tokens", doc: "Tokens of the running iteration", column: "batch_tokens", of: same },
  {
    name: "memory",
    unit: "%",
    doc: "Weights and KV caches, of an instance's memory",
    column: "memory_share",
    of: percent,
  },
  { name: "busy", unit: "%", doc: "Share of instances with a batch running", column: "running", of: isBusy },
  { name: "power", unit: "W", doc: "Power of an instance's processors", column: "power_watts", of: same },
];

/** Points per pool, in order of the pools' first appearance. `mostPoints` of each: neighbouring samples are taken together. */
export async function readSamples(file: string, mostPoints: number): Promise<PoolSamples[]> {
  const handle = await open(file);
  try {
    return await binned(handle.readLines(), mostPoints);
  } finally {
    await handle.close();
  }
}

async function binned(lines: AsyncIterable<string>, mostPoints: number): Promise<PoolSamples[]> {
  let places: readonly number[] | undefined;
  let shown: readonly Measure[] = [];
  const pools = new Map<string, Bins[]>();
  let time = -1;
  let seconds = Number.NaN;
  let interval = 0;
  for await (const line of lines) {
    const cells = line.split(",");
    if (places === undefined) {
      shown = MEASURES.filter(({ column }) => cells.includes(column));
      // Counted from the end: a tag, the only text, may hold commas.
      places = shown.map(({ column }) => cells.indexOf(column) - cells.length);
      continue;
    }
    const second = Number(cells[0]);
    if (second !== seconds) {
      time++;
      seconds = second;
      if (time === 1) interval = second;
    }
    const tag = cells[3];
    let bins = pools.get(tag);
    if (bins === undefined) {
      bins = shown.map(() => new Bins(mostPoints));
      pools.set(tag, bins);
    }
    for (let i = 0; i < shown.length; i++) {
      const cell = cells[cells.length + places[i]];
      if (cell !== "") bins[i].add(time, shown[i].of(Number(cell)));
    }
  }
  return [...pools].map(([pool, bins]) => poolSamples(pool, shown, bins, interval));
}

function poolSamples(pool: string, shown: readonly Measure[], bins: readonly Bins[], interval: number): PoolSamples {
  const [first] = bins;
  const measures = shown.flatMap(({ name, unit, doc }, i) => {
    const { mean, low, high } = bins[i].columns();
    // A column without values, such as the tokens of an engine that does not say.
    return mean.length < first.length ? [] : [{ name, unit, doc, mean, low, high }];
  });
  const seconds = Array.from({ length: first.length }, (_, i) => i * first.width * interval);
  return { pool, seconds, samplesPerPoint: first.width, measures };
}

function percent(share: number): number {
  return 100 * share;
}

function isBusy(running: number): number {
  return running > 0 ? 100 : 0;
}
