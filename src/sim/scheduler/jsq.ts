/** Join the shortest queue: the instance with the fewest unfinished requests. O(instances) per request. */
import type { Instance } from "../cluster/instance.ts";
import type { Placement, Scheduler, SchedulerDefinition } from "./scheduler.ts";

class JsqScheduler implements Scheduler {
  readonly decodeBinding = "arrival";
  readonly #instances: Instance[] = [];

  addInstance(instance: Instance): void {
    this.#instances.push(instance);
  }

  place(): Placement | undefined {
    let shortest: Instance | undefined;
    let length = Number.POSITIVE_INFINITY;
    for (const instance of this.#instances) {
      if (instance.engine.pendingRequests < length) {
        shortest = instance;
        length = instance.engine.pendingRequests;
      }
    }
    return shortest && { prefill: shortest, decode: shortest };
  }
}

export const jsq: SchedulerDefinition = {
  targets: ["schedulers.Jsq", "scheduler.JSQScheduler"],
  create: () => new JsqScheduler(),
};
