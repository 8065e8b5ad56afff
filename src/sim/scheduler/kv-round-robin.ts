/** Prefill and decode instances in turn, independently of each other. */
import type { Instance } from "../cluster/instance.ts";
import type { Placement, Scheduler, SchedulerDefinition } from "./scheduler.ts";
import { required, TaggedPools } from "./tagged-pools.ts";

class KvRoundRobinScheduler implements Scheduler {
  readonly decodeBinding = "arrival";
  readonly #pools = new TaggedPools<Instance[]>([], []);
  #nextPrefill = 0;
  #nextDecode = 0;

  addInstance(instance: Instance): void {
    this.#pools.add(instance);
  }

  checkInstances(): void {
    required(this.#pools.prefill[0], "prefill");
    required(this.#pools.decode[0], "decode");
  }

  place(): Placement {
    const pools = this.#pools;
    const prefill = required(pools.prefill[this.#nextPrefill], "prefill");
    const decode = required(pools.decode[this.#nextDecode], "decode");
    this.#nextPrefill = (this.#nextPrefill + 1) % pools.prefill.length;
    this.#nextDecode = (this.#nextDecode + 1) % pools.decode.length;
    return { prefill, decode };
  }
}

export const kvRoundRobin: SchedulerDefinition = {
  targets: ["schedulers.KvRoundRobin", "scheduler.KVRoundRobinScheduler"],
  create: () => new KvRoundRobinScheduler(),
};
