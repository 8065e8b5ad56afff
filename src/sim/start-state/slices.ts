import { ConfigError } from "../../errors.ts";
import type { Processor, Server } from "../cluster/server.ts";

/** Processors of an instance that shares layers between some and passes batches through groups of these. */
export interface Parallelism {
  /** Null: all processors of a server. */
  readonly tensor_parallelism: number | null;
  readonly pipeline_parallelism: number;
}

/** Processors that share each layer of an instance on this server. */
export function tensorParallelism(parallelism: Parallelism, { processors }: Server): number {
  const { tensor_parallelism: tensor, pipeline_parallelism: stages } = parallelism;
  return tensor ?? Math.max(1, Math.floor(processors.length / stages));
}

/** Cuts a server into consecutive groups of an instance's processors; a rest too small for a group stays unused. */
export function slices(server: Server, parallelism: Parallelism, path: string): Processor[][] {
  const { pipeline_parallelism: stages } = parallelism;
  const tensor = tensorParallelism(parallelism, server);
  const size = tensor * stages;
  const groups: Processor[][] = [];
  for (let first = 0; first + size <= server.processors.length; first += size) {
    groups.push(server.processors.slice(first, first + size));
  }
  if (groups.length === 0) {
    throw new ConfigError(
      "impossible_cluster",
      `An instance of tensor parallelism ${tensor}${stages > 1 ? ` and pipeline parallelism ${stages}` : ""} does not fit ` +
        `on ${server.skuName}, which has ${server.processors.length} processors.`,
      { path: `${path}.tensor_parallelism`, hint: `Use at most ${server.processors.length}.` },
    );
  }
  return groups;
}
