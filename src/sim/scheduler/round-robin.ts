/** Instances in turn, in order of creation. */
import type { Instance } from "../cluster/instance.ts";
import type { Placement, Scheduler, SchedulerDefinition } from "./scheduler.ts";

class RoundRobinScheduler implements Scheduler {
  readonly decodeBinding = "arrival";
  readonly #instances: Instance[] = [];
  #next = 0;

  addInstance(instance: Instance): void {
    this.#instances.push(instance);
  }

  removeInstance(instance: Instance): void {
    const place = this.#instances.indexOf(instance);
    this.#instances.splice(place, 1);
    if (place < this.#next) this.#next--;
    if (this.#next === this.#instances.length) this.#next = 0;
  }

  place(): Placement | undefined {
    if (this.#instances.length === 0) return undefined;
    const instance = this.#instances[this.#next];
    this.#next = (this.#next + 1) % this.#instances.length;
    return { prefill: instance, decode: instance };
  }
}

export const roundRobin: SchedulerDefinition = {
  targets: ["schedulers.RoundRobin", "scheduler.RoundRobinScheduler"],
  create: () => new RoundRobinScheduler(),
};
