/** Join the shortest queue by tokens in each pool. */
import type { Instance } from "../cluster/instance.ts";
import { InstancePool } from "./instance-pool.ts";
import type { Placement, Scheduler, SchedulerContext, SchedulerDefinition } from "./scheduler.ts";
import { OVERLAP_SPEEDUP } from "./scheduler.ts";
import { required, TaggedPools } from "./tagged-pools.ts";

class KvTokenJsqScheduler implements Scheduler {
  readonly decodeBinding = "arrival";
  readonly #pools = new TaggedPools(new InstancePool(), new InstancePool());
  readonly #context: SchedulerContext;

  constructor(context: SchedulerContext) {
    this.#context = context;
  }

  addInstance(instance: Instance): void {
    this.#pools.add(instance);
  }

  checkInstances(): void {
    required(this.#pools.prefill.first, "prefill");
    required(this.#pools.decode.first, "decode");
  }

  place(request: number): Placement {
    const prefill = required(this.#pools.prefill.leastPendingTokens(), "prefill");
    const decode = required(this.#pools.decode.leastPendingTokens(), "decode");
    if (this.#context.kvTokenJsq === "counted") {
      prefill.pendingTokens += this.#context.requests.promptTokens[request];
      decode.pendingTokens += 1;
    }
    return { prefill, decode };
  }
}

export const kvTokenJsq: SchedulerDefinition = {
  targets: ["schedulers.KvTokenJsq", "scheduler.KVTokenJSQScheduler"],
  create: (context) => new KvTokenJsqScheduler(context),
  // SplitwiseSim's kv_token_jsq names its overlapping class.
  transferSpeedup: (kvTokenJsq) => (kvTokenJsq === "as_shipped" ? OVERLAP_SPEEDUP : 1),
};

export const overlapKvTokenJsq: SchedulerDefinition = {
  targets: ["schedulers.OverlapKvTokenJsq", "scheduler.OverlapKVTokenJSQScheduler"],
  create: (context) => new KvTokenJsqScheduler(context),
  transferSpeedup: () => OVERLAP_SPEEDUP,
};
