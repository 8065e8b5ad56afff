import { ConfigError } from "../../errors.ts";
import type { Processor, Server } from "../cluster/server.ts";

/** Cuts a server into consecutive groups of `tensorParallelism` processors; a rest too small for a group stays unused. */
export function slices(server: Server, tensorParallelism: number, path: string): Processor[][] {
  const groups: Processor[][] = [];
  for (let first = 0; first + tensorParallelism <= server.processors.length; first += tensorParallelism) {
    groups.push(server.processors.slice(first, first + tensorParallelism));
  }
  if (groups.length === 0) {
    throw new ConfigError(
      "impossible_cluster",
      `An instance of tensor parallelism ${tensorParallelism} does not fit on ${server.skuName}, which has ` +
        `${server.processors.length} processors.`,
      { path: `${path}.tensor_parallelism`, hint: `Use at most ${server.processors.length}.` },
    );
  }
  return groups;
}
