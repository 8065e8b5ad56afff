/** Join the shortest queue in each pool. A request counts at its decode instance from its KV cache's arrival on. */
import type { Instance } from "../cluster/instance.ts";
import { InstancePool } from "./instance-pool.ts";
import type { Placement, Scheduler, SchedulerDefinition } from "./scheduler.ts";
import { OVERLAP_SPEEDUP } from "./scheduler.ts";
import { required, TaggedPools } from "./tagged-pools.ts";

class KvJsqScheduler implements Scheduler {
  readonly decodeBinding = "arrival";
  readonly #pools = new TaggedPools(new InstancePool(), new InstancePool());

  addInstance(instance: Instance): void {
    this.#pools.add(instance);
  }

  checkInstances(): void {
    required(this.#pools.prefill.first, "prefill");
    required(this.#pools.decode.first, "decode");
  }

  place(): Placement {
    return {
      prefill: required(this.#pools.prefill.leastPendingRequests(), "prefill"),
      decode: required(this.#pools.decode.leastPendingRequests(), "decode"),
    };
  }
}

export const kvJsq: SchedulerDefinition = {
  targets: ["schedulers.KvJsq", "scheduler.KVJSQScheduler"],
  create: () => new KvJsqScheduler(),
};

export const overlapKvJsq: SchedulerDefinition = {
  targets: ["schedulers.OverlapKvJsq", "scheduler.OverlapKVJSQScheduler"],
  create: () => new KvJsqScheduler(),
  transferSpeedup: () => OVERLAP_SPEEDUP,
};
