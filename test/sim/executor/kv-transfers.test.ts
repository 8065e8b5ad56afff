import { describe, expect, test } from "vitest";
import { Instance } from "../../../src/sim/cluster/instance.ts";
import type { Engine } from "../../../src/sim/engine/engine.ts";
import { KvTransfers, type TransferRetry } from "../../../src/sim/executor/kv-transfers.ts";
import { Kernel } from "../../../src/sim/kernel/kernel.ts";
import { SequenceQueue } from "../../../src/sim/kernel/sequence-queue.ts";
import { privateLinks } from "../../../src/sim/kv-links/private.ts";
import { ByteMemory } from "../../../src/sim/memory/byte-memory.ts";
import { Requests } from "../../../src/sim/workload/requests.ts";
import { decodeTask, TaskTable } from "../../../src/sim/workload/task-table.ts";
import { traceOf } from "../inputs.ts";

/** A prefilled request: what its KV cache takes, where it is and where it goes. */
interface Prefilled {
  readonly promptBytes: number;
  readonly from: number;
  readonly to: number;
  /** Its instances' engines keep account of its bytes themselves. */
  readonly isEngines?: boolean;
}

/** Two instances of 100 bytes, and links of 10 bytes/s; decodes add 4 bytes. */
function links(prefilled: readonly Prefilled[], retry: TransferRetry = "on_release") {
  const kernel = new Kernel(new SequenceQueue());
  const requests = new Requests(
    traceOf(prefilled.map(({ promptBytes }) => ({ arrival: 0, prompt: promptBytes, output: 5 }))),
  );
  const tasks = new TaskTable(prefilled.length);
  const events: string[] = [];
  const instances = [0, 1].map((index) => {
    const identity = { index, id: index, applicationId: 0, processor: { name: "gpu", memoryBytes: 100 }, tag: null };
    const instance = new Instance(identity, new ByteMemory(100, 0), requests.heldBytes);
    instance.engine = { transferEnded: () => events.push(`${kernel.now}: left ${index}`) } as unknown as Engine;
    return instance;
  });
  prefilled.forEach(({ promptBytes, from, to, isEngines }, request) => {
    requests.outcomes.prefillInstance[request] = from;
    requests.outcomes.decodeInstance[request] = to;
    if (isEngines) return;
    tasks.bytes[decodeTask(request)] = 4;
    instances[from].hold(request, promptBytes);
  });
  const transfers = new KvTransfers({
    kernel,
    requests,
    tasks,
    instances,
    kvBytesPerToken: 1,
    transferBytesPerSecond: 10,
    createLinks: (context) => privateLinks.create(context, { _target_: "kv_links.Private", latency: 0 }),
    remainingBytes: (bytes) => bytes,
    reservesDecode: true,
    retriesEverySecond: retry === "every_second",
    onTransferred: (request) => events.push(`${kernel.now}: transferred ${request}`),
  });
  return { kernel, requests, instances, transfers, events, run: () => kernel.run(100, "before") };
}

describe("a KV transfer", () => {
  test("reserves room for the whole decode at its destination, and frees its source when it ends", () => {
    const { transfers, instances, requests, events, run } = links([{ promptBytes: 50, from: 0, to: 1 }]);
    transfers.arrive(0);
    expect(instances.map(({ memory }) => memory.usedBytes)).toEqual([50, 54]);
    run();
    expect(events).toEqual(["5: transferred 0", "5: left 0"]);
    expect(instances.map(({ memory }) => memory.usedBytes)).toEqual([0, 54]);
    instances[1].release(0);
    expect([instances[1].memory.usedBytes, requests.heldBytes[0]]).toEqual([0, 0]);
  });

  test("waits where there is no room, and a later one that would fit does not pass it", () => {
    const { transfers, instances, requests, run } = links([
      { promptBytes: 60, from: 0, to: 1 },
      { promptBytes: 10, from: 0, to: 1 },
    ]);
    instances[1].memory.allocate(60);
    transfers.arrive(0);
    transfers.arrive(1);
    run();
    expect([...requests.outcomes.transferStartSeconds]).toEqual([Number.NaN, Number.NaN]);
    instances[1].memory.release(60);
    transfers.retry(instances[1]);
    expect([...requests.outcomes.transferStartSeconds]).toEqual([0, 0]);
  });

  test("waits for no memory if engines keep account themselves, even where more is promised than there is", () => {
    const { transfers, instances, events, run } = links([{ promptBytes: 50, from: 0, to: 1, isEngines: true }]);
    instances[1].memory.allocate(101);
    transfers.arrive(0);
    run();
    expect(events).toEqual(["5: transferred 0", "5: left 0"]);
    expect(instances.map(({ memory }) => memory.usedBytes)).toEqual([0, 101]);
  });

  test("is tried again every second in SplitwiseSim, and a later one may pass it", () => {
    const { kernel, transfers, instances, requests, run } = links(
      [
        { promptBytes: 60, from: 0, to: 1 },
        { promptBytes: 10, from: 0, to: 1 },
      ],
      "every_second",
    );
    instances[1].memory.allocate(60);
    kernel.at(
      2.5,
      kernel.on(() => instances[1].memory.release(60)),
      0,
    );
    transfers.arrive(0);
    transfers.arrive(1);
    run();
    expect([...requests.outcomes.transferStartSeconds]).toEqual([3, 0]);
  });

  test("that waits for room that another waits to leave is named, with what it needs and what there is", () => {
    const { transfers, run } = links([
      { promptBytes: 60, from: 0, to: 1 },
      { promptBytes: 70, from: 1, to: 0 },
    ]);
    expect(transfers.stall()).toBe(undefined);
    transfers.arrive(0);
    transfers.arrive(1);
    run();
    expect(transfers.stall()).toMatch(
      /^2 requests wait for KV-cache transfers .* request 0 on gpu_0 needs .* on gpu_1, which has .* free/,
    );
  });

  test("that ends makes room at its source for one that waits there", () => {
    const { transfers, instances, requests, run } = links([
      { promptBytes: 30, from: 1, to: 0 },
      { promptBytes: 60, from: 0, to: 1 },
    ]);
    // Instance 0 has 30 bytes left and request 0 needs 34, until request 1 has left after 60 bytes / 10 bytes/s.
    instances[0].memory.allocate(10);
    transfers.arrive(0);
    transfers.arrive(1);
    run();
    expect([...requests.outcomes.transferStartSeconds]).toEqual([6, 0]);
  });
});
