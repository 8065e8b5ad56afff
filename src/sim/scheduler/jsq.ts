/** Join the shortest queue: the instance with the fewest unfinished requests. */
import type { Instance } from "../cluster/instance.ts";
import { InstancePool } from "./instance-pool.ts";
import type { Placement, Scheduler, SchedulerDefinition } from "./scheduler.ts";

class JsqScheduler implements Scheduler {
  readonly decodeBinding = "arrival";
  readonly #instances = new InstancePool();

  addInstance(instance: Instance): void {
    this.#instances.push(instance);
  }

  removeInstance(instance: Instance): void {
    this.#instances.remove(instance);
  }

  place(): Placement | undefined {
    const shortest = this.#instances.leastPendingRequests();
    return shortest && { prefill: shortest, decode: shortest };
  }
}

export const jsq: SchedulerDefinition = {
  targets: ["schedulers.Jsq", "scheduler.JSQScheduler"],
  create: () => new JsqScheduler(),
};
