/** The groups that the servers' processors form, each of which holds one instance at a time. */
import type { Server } from "../cluster/server.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { slices } from "../start-state/slices.ts";
import { ProcessorGroup } from "./processor-group.ts";
import type { SwappingParameters } from "./swapping.schema.ts";

export function processorGroups(
  servers: readonly Server[],
  kernel: Kernel,
  { instance, workspace }: SwappingParameters,
): ProcessorGroup[] {
  const { tensor_parallelism: tensorParallelism } = instance;
  const shared = { workspaceBytes: workspace, now: () => kernel.now };
  const groups: ProcessorGroup[] = [];
  for (const server of servers) {
    const path = "swapping.instance";
    const parallelism = { tensor_parallelism: tensorParallelism, pipeline_parallelism: 1 };
    slices(server, parallelism, path).forEach((processors, place) => {
      const firstProcessor = place * tensorParallelism;
      groups.push(new ProcessorGroup({ index: groups.length, server, firstProcessor, processors, ...shared }));
    });
  }
  return groups;
}
