/** Links between a few instances, and transfers over them. */
import { Instance } from "../../../src/sim/cluster/instance.ts";
import { Kernel } from "../../../src/sim/kernel/kernel.ts";
import { SequenceQueue } from "../../../src/sim/kernel/sequence-queue.ts";
import type { KvLinksDefinition } from "../../../src/sim/kv-links/kv-links.ts";
import { ByteMemory } from "../../../src/sim/memory/byte-memory.ts";

export interface TransferAt {
  readonly atSeconds: number;
  readonly bytes: number;
  readonly from: number;
  readonly to: number | undefined;
}

export interface LinkSetting {
  readonly latency?: number;
  /** Bytes/s of a single transfer, and of every instance each way. */
  readonly transferBytesPerSecond: number;
  readonly networkBytesPerSecond?: number;
}

/** When each transfer arrives, by its place in the list; every arrival is counted. */
export function arrivalsOf(definition: KvLinksDefinition, setting: LinkSetting, transfers: readonly TransferAt[]) {
  const kernel = new Kernel(new SequenceQueue());
  const seconds: number[][] = transfers.map(() => []);
  const links = definition.create(
    {
      kernel,
      transferBytesPerSecond: setting.transferBytesPerSecond,
      onArrived: (request) => seconds[request].push(kernel.now),
    },
    { _target_: "kv_links.MaxMin", latency: setting.latency ?? 0, bandwidth: null },
  );
  const instances = [0, 1, 2, 3].map((index) => linkedInstance(index, setting.networkBytesPerSecond));
  for (const instance of instances) links.addInstance(instance);
  const start = kernel.on((request) => {
    const { bytes, from, to } = transfers[request];
    links.transfer(request, bytes, instances[from], to === undefined ? undefined : instances[to]);
  });
  transfers.forEach(({ atSeconds }, request) => {
    kernel.at(atSeconds, start, request);
  });
  kernel.run(1e12, "before");
  return seconds;
}

export function linkedInstance(index: number, networkBytesPerSecond: number | undefined): Instance {
  const processor = { name: "gpu", memoryBytes: 1 };
  return new Instance(
    { index, id: index, applicationId: 0, processor, tag: null, networkBytesPerSecond },
    new ByteMemory(1, 0),
    new Float64Array(0),
  );
}
