/** Lays out a cluster's servers from its SKU groups and the hardware repository. */
import { ConfigError } from "../../errors.ts";
import { didYouMean } from "../../suggest.ts";
import type { ClusterParameters, ProcessorParameters, SkuParameters } from "./cluster.schema.ts";
import type { Processor, Server } from "./server.ts";

export interface Hardware {
  readonly skus: ReadonlyMap<string, SkuParameters>;
  readonly processors: ReadonlyMap<string, ProcessorParameters>;
}

/** Servers in the order of the SKU groups; equal servers share their processor descriptions. */
export function buildCluster(cluster: ClusterParameters, hardware: Hardware): Server[] {
  const servers: Server[] = [];
  cluster.servers.forEach(({ sku: skuName, count }, group) => {
    if (count === 0) return;
    const processors = processorsOf(skuName, hardware, `cluster.servers.${group}.sku`);
    for (let index = 0; index < count; index++) servers.push({ id: servers.length, skuName, processors });
  });
  if (servers.length === 0) {
    throw new ConfigError("empty_cluster", "The cluster has no servers: every count is 0.", {
      path: "cluster.servers",
      hint: "Set one of the counts, for example cluster.servers.1.count=1.",
    });
  }
  return servers;
}

function processorsOf(skuName: string, hardware: Hardware, path: string): Processor[] {
  const sku = found(hardware.skus, skuName, "SKU", path);
  const inServer = sku.processors.reduce((sum, { count }) => sum + count, 0);
  const networkBytesPerSecond = sku.network_bandwidth === undefined ? undefined : sku.network_bandwidth / inServer;
  return sku.processors.flatMap(({ name, count }) => {
    const processor = found(hardware.processors, name, "processor", path);
    return new Array<Processor>(count).fill({ ...processorOf(processor), networkBytesPerSecond });
  });
}

/** A processor as the simulator describes it. */
export function processorOf(parameters: ProcessorParameters): Processor {
  return {
    name: parameters.name,
    memoryBytes: parameters.memory_size,
    memoryBytesPerSecond: parameters.memory_bandwidth,
    peakFlops: parameters.peak_flops,
    onchipBytes: parameters.onchip_buffer,
    linkBytesPerSecond: parameters.interconnect_bandwidth,
    linkLatencySeconds: parameters.interconnect_latency,
  };
}

/** The item of a repository, or a ConfigError with the nearest names, or with all. */
export function found<Item>(items: ReadonlyMap<string, Item>, name: string, what: string, path: string): Item {
  const item = items.get(name);
  if (item === undefined) {
    throw new ConfigError("unknown_name", `There is no ${what} named '${name}'.`, {
      path,
      hint: didYouMean(name, items.keys()) ?? `Known: ${[...items.keys()].sort().join(", ")}.`,
    });
  }
  return item;
}
