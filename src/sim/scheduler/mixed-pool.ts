/**
 * Splitwise's cluster-level scheduling (Patel et al., ISCA 2024, section 4.2): a prefill pool, a decode pool, and a mixed
 * pool between them that takes instances of either when its pool is overloaded, and gives them back when they are idle.
 */
import type { Instance } from "../cluster/instance.ts";
import { InstancePool } from "./instance-pool.ts";
import type { SchedulerParameters } from "./scheduler.schema.ts";
import type { BoundPlacement, Scheduler, SchedulerContext, SchedulerDefinition } from "./scheduler.ts";
import { required, TaggedPools } from "./tagged-pools.ts";

class MixedPoolScheduler implements Scheduler {
  readonly decodeBinding = "arrival";
  readonly #pools = new TaggedPools(new InstancePool(), new InstancePool());
  /** Instances of either pool that do both, in the order in which they came. */
  readonly #mixed = new InstancePool();
  readonly #context: SchedulerContext;
  readonly #maxPendingPromptTokens: number;

  constructor(context: SchedulerContext, maxPendingPromptTokens: number) {
    this.#context = context;
    this.#maxPendingPromptTokens = maxPendingPromptTokens;
  }

  addInstance(instance: Instance): void {
    this.#pools.add(instance);
  }

  /** Instances of one pool suffice: they can be mixed. */
  checkInstances(): void {
    required(this.#pools.prefill.first ?? this.#pools.decode.first, "prefill");
  }

  place(request: number): BoundPlacement {
    const { requests, kvBytes } = this.#context;
    const promptTokens = requests.promptTokens[request];
    const promptBytes = kvBytes(request, promptTokens + 1);
    const totalBytes = promptBytes + kvBytes(request, requests.outputTokens[request] - 1);
    const { prefill, decode } = this.#choose(promptTokens, totalBytes);
    if (prefill !== decode) prefill.committedBytes += promptBytes;
    decode.committedBytes += totalBytes;
    prefill.pendingTokens += promptTokens;
    decode.pendingTokens += 1;
    return { prefill, decode };
  }

  instanceIdle(instance: Instance): void {
    if (!this.#mixed.has(instance)) return;
    this.#mixed.remove(instance);
    this.#pools.add(instance);
  }

  #choose(promptTokens: number, totalBytes: number): BoundPlacement {
    const { prefill: prefillPool, decode: decodePool } = this.#pools;
    let prefill =
      this.#withRoomForPrompt(prefillPool, promptTokens) ?? this.#withRoomForPrompt(this.#mixed, promptTokens);
    let decode = withMemory(decodePool, totalBytes) ?? withMemory(this.#mixed, totalBytes);
    prefill ??= this.#mix(decodePool, decodePool.leastPendingTokens());
    decode ??= this.#mix(prefillPool, prefillPool.leastCommittedBytes());
    if (prefill !== undefined && decode !== undefined) return { prefill, decode };
    const both = required(leastOf([prefillPool, this.#mixed, decodePool]), "prefill");
    return { prefill: both, decode: both };
  }

  #withRoomForPrompt(pool: InstancePool, promptTokens: number): Instance | undefined {
    const instance = pool.leastPendingTokens();
    if (instance === undefined || instance.engine.pendingTasks === 0) return instance;
    return instance.pendingTokens + promptTokens > this.#maxPendingPromptTokens ? undefined : instance;
  }

  /** Moves an instance from its pool to the mixed one. */
  #mix(pool: InstancePool, instance: Instance | undefined): Instance | undefined {
    if (instance === undefined) return undefined;
    pool.remove(instance);
    this.#mixed.push(instance);
    return instance;
  }
}

/** The instance with the fewest pending tokens of several pools. */
function leastOf(pools: readonly InstancePool[]): Instance | undefined {
  let least: Instance | undefined;
  for (const pool of pools) {
    const instance = pool.leastPendingTokens();
    if (instance !== undefined && !(least !== undefined && least.pendingTokens <= instance.pendingTokens)) {
      least = instance;
    }
  }
  return least;
}

function withMemory(pool: InstancePool, bytes: number): Instance | undefined {
  const instance = pool.leastCommittedBytes();
  if (instance === undefined || instance.committedBytes + bytes >= instance.memory.capacityBytes) return undefined;
  return instance;
}

export const mixedPool: SchedulerDefinition = {
  targets: ["schedulers.MixedPool", "scheduler.MixedPoolScheduler"],
  create: (context, parameters: SchedulerParameters) =>
    new MixedPoolScheduler(
      context,
      "prompt_max_pending_batch_tokens" in parameters ? parameters.prompt_max_pending_batch_tokens : 0,
    ),
};
