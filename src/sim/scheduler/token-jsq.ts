/** Join the shortest queue by tokens: the instance with the fewest prompt tokens and decodes ahead of it. */
import type { Instance } from "../cluster/instance.ts";
import type { Requests } from "../workload/requests.ts";
import { InstancePool } from "./instance-pool.ts";
import type { Placement, Scheduler, SchedulerContext, SchedulerDefinition } from "./scheduler.ts";

class TokenJsqScheduler implements Scheduler {
  readonly decodeBinding = "arrival";
  readonly #instances = new InstancePool();
  readonly #requests: Requests;

  constructor(context: SchedulerContext) {
    this.#requests = context.requests;
  }

  addInstance(instance: Instance): void {
    this.#instances.push(instance);
  }

  removeInstance(instance: Instance): void {
    this.#instances.remove(instance);
  }

  place(request: number): Placement | undefined {
    const shortest = this.#instances.leastPendingTokens();
    if (shortest === undefined) return undefined;
    shortest.pendingTokens += this.#requests.promptTokens[request] + 1;
    return { prefill: shortest, decode: shortest };
  }
}

export const tokenJsq: SchedulerDefinition = {
  targets: ["schedulers.TokenJsq", "scheduler.TokenJSQScheduler"],
  create: (context) => new TokenJsqScheduler(context),
};
