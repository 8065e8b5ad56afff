/** The contract of an allocator: it starts and stops an application's instances. */

/**
 * Asked when the application's scheduler says "not now", when an instance is idle, and (by those that want it) by timer.
 */
export interface Allocator {
  /** A request cannot be placed; `instances` is how many the application has. Errors: ConfigError if it never will be. */
  requestWaits(instances: number): void;
  instanceIdle(instance: number): void;
}

export interface AllocatorDefinition {
  readonly targets: readonly string[];
  create(applicationId: number): Allocator;
}
