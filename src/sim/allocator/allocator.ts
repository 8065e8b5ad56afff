/** The contract of an allocator: it starts and stops an application's instances. */
import type { Instance } from "../cluster/instance.ts";
import type { ModelSwapper } from "../swapping/model-swapper.ts";

/**
 * Asked when the application's scheduler says "not now", when an instance is idle, and (by those that want it) by timer.
 */
export interface Allocator {
  /** A request arrived; it is about to be placed. */
  requestArrived?(request: number): void;
  /** Whether the request may be placed now, as far as the allocator has a say. */
  admits?(request: number): boolean;
  requestPlaced?(request: number, instance: Instance): void;
  /**
   * A request cannot be placed; `instances` is how many the application had from the start. Without a request: none could
   * ever be. Errors: ConfigError if it never will be.
   */
  requestWaits(instances: number, request: number | undefined): void;
  instanceIdle(instance: number): void;
}

/** Seconds that an application's instances need beside their iterations; parameters of its allocator. */
export interface InstanceOverheads {
  readonly spinUpSeconds: number;
  /** Before the first iteration of tasks that join a batch. */
  readonly runSeconds: number;
  /** Before the first iteration that runs without tasks which had to leave for it. */
  readonly preemptSeconds: number;
}

export interface AllocatorDefinition {
  readonly targets: readonly string[];
  /** It starts and stops instances as `swapping` says; with others, that is refused. */
  readonly swapsModels?: boolean;
  create(applicationId: number, context: AllocatorContext): Allocator;
}

export interface AllocatorContext {
  /** Shared by the allocators of all applications; known once the cluster is. */
  readonly swapper: () => ModelSwapper;
}
