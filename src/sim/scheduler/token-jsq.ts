/** Join the shortest queue by tokens: the instance with the fewest prompt tokens and decodes ahead of it. O(instances). */
import type { Instance } from "../cluster/instance.ts";
import type { Requests } from "../workload/requests.ts";
import type { Placement, Scheduler, SchedulerContext, SchedulerDefinition } from "./scheduler.ts";

class TokenJsqScheduler implements Scheduler {
  readonly decodeBinding = "arrival";
  readonly #instances: Instance[] = [];
  readonly #requests: Requests;

  constructor(context: SchedulerContext) {
    this.#requests = context.requests;
  }

  addInstance(instance: Instance): void {
    this.#instances.push(instance);
  }

  place(request: number): Placement | undefined {
    let shortest: Instance | undefined;
    let tokens = Number.POSITIVE_INFINITY;
    for (const instance of this.#instances) {
      if (instance.pendingTokens < tokens) {
        shortest = instance;
        tokens = instance.pendingTokens;
      }
    }
    if (shortest === undefined) return undefined;
    shortest.pendingTokens += this.#requests.promptTokens[request] + 1;
    return { prefill: shortest, decode: shortest };
  }
}

export const tokenJsq: SchedulerDefinition = {
  targets: ["schedulers.TokenJsq", "scheduler.TokenJSQScheduler"],
  create: (context) => new TokenJsqScheduler(context),
};
