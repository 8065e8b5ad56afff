/** The contract of the links that KV caches travel over, from the instance of a prefill to that of its decode. */
import type { Instance } from "../cluster/instance.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { KvLinksParameters } from "./kv-links.schema.ts";

/**
 * Links decide how long a transfer takes, and nothing else: memory at both ends is the caller's. Every transfer arrives
 * exactly once, not before its latency and its bytes at the greatest rate allow; one of no bytes arrives too.
 */
export interface KvLinks {
  /** An instance that will send or receive. Errors: ConfigError if its bandwidth is needed and not known. */
  addInstance(instance: Instance): void;
  /**
   * The KV cache of a request sets out; the context's `onArrived` hears of its arrival. Without a destination (the decode
   * is bound when the transfer ends) the source's network alone limits it.
   */
  transfer(request: number, bytes: number, source: Instance, destination: Instance | undefined): void;
}

export interface KvLinksContext {
  readonly kernel: Kernel;
  /** Rate that no single transfer exceeds: the scheduler's bandwidth. */
  readonly transferBytesPerSecond: number;
  readonly onArrived: (request: number) => void;
}

/** One entry of the registry of links. */
export interface KvLinksDefinition {
  readonly targets: readonly string[];
  create(context: KvLinksContext, parameters: KvLinksParameters): KvLinks;
}
