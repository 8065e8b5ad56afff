/** Join the shortest queue: the instance with the fewest unfinished requests. */
import type { Instance } from "../cluster/instance.ts";
import { leastPendingRequests } from "./least-loaded.ts";
import type { Placement, Scheduler, SchedulerDefinition } from "./scheduler.ts";

class JsqScheduler implements Scheduler {
  readonly decodeBinding = "arrival";
  readonly #instances: Instance[] = [];

  addInstance(instance: Instance): void {
    this.#instances.push(instance);
  }

  place(): Placement | undefined {
    const shortest = leastPendingRequests(this.#instances);
    return shortest && { prefill: shortest, decode: shortest };
  }
}

export const jsq: SchedulerDefinition = {
  targets: ["schedulers.Jsq", "scheduler.JSQScheduler"],
  create: () => new JsqScheduler(),
};
