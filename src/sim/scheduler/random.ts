/** Each request to an instance drawn uniformly. */
import type { Instance } from "../cluster/instance.ts";
import type { Placement, Scheduler, SchedulerContext, SchedulerDefinition } from "./scheduler.ts";

class RandomScheduler implements Scheduler {
  readonly decodeBinding = "arrival";
  readonly #instances: Instance[] = [];
  readonly #choose: SchedulerContext["choose"];

  constructor(context: SchedulerContext) {
    this.#choose = context.choose;
  }

  addInstance(instance: Instance): void {
    this.#instances.push(instance);
  }

  removeInstance(instance: Instance): void {
    this.#instances.splice(this.#instances.indexOf(instance), 1);
  }

  place(): Placement | undefined {
    if (this.#instances.length === 0) return undefined;
    const instance = this.#instances[this.#choose(this.#instances.length)];
    return { prefill: instance, decode: instance };
  }
}

export const random: SchedulerDefinition = {
  targets: ["schedulers.Random", "scheduler.RandomScheduler"],
  create: (context) => new RandomScheduler(context),
};
