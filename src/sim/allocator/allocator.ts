/** The contract of an allocator: it starts and stops an application's instances. */

/**
 * Asked when the application's scheduler says "not now", when an instance is idle, and (by those that want it) by timer.
 */
export interface Allocator {
  /** A request cannot be placed; `instances` is how many the application has. Errors: ConfigError if it never will be. */
  requestWaits(instances: number): void;
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
  create(applicationId: number): Allocator;
}
