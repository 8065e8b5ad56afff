/** How many iterations, and how much time, instances spent at each number of batch tokens: read from the logs of a run. */
import { createReadStream } from "node:fs";
import { parse } from "csv-parse";
import { TraceError } from "../errors.ts";

export interface TokenUse {
  readonly batchTokens: number;
  readonly iterations: number;
  readonly seconds: number;
}

/** Of the instances of one tag, `None` without one. */
export interface PoolTokenUse {
  readonly tag: string;
  /** Seconds between an instance's iterations; what is before its first and after its last one is not counted. */
  readonly idleSeconds: number;
  /** By ascending batch tokens. */
  readonly uses: readonly TokenUse[];
}

interface Tally {
  idleSeconds: number;
  readonly uses: Map<number, { iterations: number; seconds: number }>;
}

interface LogLine {
  readonly tag: string;
  readonly iteration_start: string;
  readonly iteration_end: string;
  readonly num_contiguous_iterations: string;
  readonly batch_tokens: string;
}

/**
 * `files`: logs of instances (`instances/<application>/<instance>.csv`), read as streams. Pools in order of first appearance.
 * Errors: TraceError for a file that is no such log.
 */
export async function batchTokenUse(files: readonly string[]): Promise<PoolTokenUse[]> {
  const pools = new Map<string, Tally>();
  for (const file of files) await addLog(file, pools);
  return [...pools].map(([tag, { idleSeconds, uses }]) => ({
    tag,
    idleSeconds,
    uses: [...uses]
      .map(([batchTokens, use]) => ({ batchTokens, ...use }))
      .sort((a, b) => a.batchTokens - b.batchTokens),
  }));
}

async function addLog(file: string, pools: Map<string, Tally>): Promise<void> {
  let lastEnd = Number.NaN;
  try {
    for await (const row of createReadStream(file).pipe(parse({ columns: true }))) {
      const line = row as LogLine;
      const start = Number(line.iteration_start);
      const end = Number(line.iteration_end);
      const tally = pools.get(line.tag) ?? { idleSeconds: 0, uses: new Map() };
      pools.set(line.tag, tally);
      if (start > lastEnd) tally.idleSeconds += start - lastEnd;
      lastEnd = end;
      const batchTokens = Number(line.batch_tokens);
      const use = tally.uses.get(batchTokens) ?? { iterations: 0, seconds: 0 };
      tally.uses.set(batchTokens, use);
      use.iterations += Number(line.num_contiguous_iterations);
      use.seconds += end - start;
    }
  } catch (error) {
    throw new TraceError(`The log cannot be read: ${(error as Error).message}.`, { file }, { cause: error });
  }
}
