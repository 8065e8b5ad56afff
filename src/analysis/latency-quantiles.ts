/** Distributions of latencies, read from the tables of requests that runs keep. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ShardFile } from "../results/shard-marker.ts";
import { LATENCIES, type Latency, type LatencyQuantiles, SHARES } from "./latencies.ts";

/**
 * Seconds at each of `SHARES`, over the requests of all applications of a run; undefined if the run kept no table of its
 * requests. Quantiles are linear between order statistics.
 */
export function latencyQuantiles(directory: string, files: readonly ShardFile[]): LatencyQuantiles | undefined {
  const tables = files.filter(({ name }) => /^detailed\/\d+\.csv$/.test(name));
  if (tables.length === 0) return undefined;
  const names = Object.keys(LATENCIES) as Latency[];
  const values = names.map((): number[] => []);
  for (const { name } of tables) {
    const lines = readFileSync(join(directory, name), "utf8").split("\n");
    const header = lines[0].split(",");
    const columns = names.map((column) => header.indexOf(column));
    if (columns.includes(-1)) continue;
    for (let line = 1; line < lines.length; line++) {
      if (lines[line] === "") continue;
      const cells = lines[line].split(",");
      columns.forEach((column, i) => {
        values[i].push(Number(cells[column]));
      });
    }
  }
  if (values[0].length === 0) return undefined;
  return Object.fromEntries(names.map((name, i) => [name, quantiles(values[i])])) as unknown as LatencyQuantiles;
}

function quantiles(values: readonly number[]): number[] {
  const sorted = Float64Array.from(values).sort();
  return SHARES.map((share) => {
    const place = share * (sorted.length - 1);
    const below = Math.floor(place);
    const above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (sorted[above] - sorted[below]) * (place - below);
  });
}
