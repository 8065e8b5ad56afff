/** The contract of an instance's memory: what is used of it, and whether more fits. */

/**
 * Memory of one instance: model weights from the start, KV caches as requests come and go. Amounts are whole bytes
 * below 2^53, so sums are exact in any order. Invariant: weights <= used <= capacity, as callers ask `fits` first.
 */
export interface Memory {
  readonly capacityBytes: number;
  readonly usedBytes: number;
  /** Where several instances share a memory: what this one has of `usedBytes`. */
  readonly ownBytes?: number;
  fits(bytes: number): boolean;
  allocate(bytes: number): void;
  release(bytes: number): void;
}
