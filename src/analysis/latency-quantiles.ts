/** Distributions of latencies, read from the tables of requests that runs keep. */
import { join } from "node:path";
import { parseRequestFileName, requestFileOf } from "../results/request-files/index.ts";
import type { ShardMarker } from "../results/shard-marker.ts";
import { LATENCIES, type Latency, type LatencyQuantiles, SHARES } from "./latencies.ts";

/**
 * Seconds at each of `SHARES`, over the requests of all applications of a run; undefined if the run kept no table of its
 * requests. Quantiles are linear between order statistics.
 */
export async function latencyQuantiles(
  directory: string,
  { files }: Pick<ShardMarker, "files">,
): Promise<LatencyQuantiles | undefined> {
  const names = Object.keys(LATENCIES) as Latency[];
  const tables: Float64Array[][] = [];
  for (const { name } of files) {
    const parsed = parseRequestFileName(name);
    if (parsed === undefined) continue;
    const requestFile = await requestFileOf(parsed.format);
    const columns = await requestFile.readColumns(join(directory, name), names);
    if (columns !== undefined && columns[0].length > 0) tables.push(columns);
  }
  if (tables.length === 0) return undefined;
  return Object.fromEntries(
    names.map((name, i) => [name, quantiles(tables.map((columns) => columns[i]))]),
  ) as unknown as LatencyQuantiles;
}

function quantiles(parts: readonly Float64Array[]): number[] {
  const sorted = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
  let start = 0;
  for (const part of parts) {
    sorted.set(part, start);
    start += part.length;
  }
  sorted.sort();
  return SHARES.map((share) => {
    const place = share * (sorted.length - 1);
    const below = Math.floor(place);
    const above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (sorted[above] - sorted[below]) * (place - below);
  });
}
