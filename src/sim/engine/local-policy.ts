/** The contract of an instance's local policy: in which order its waiting tasks join the batch, and who must leave it. */
import type { Batch } from "./batch.ts";

/**
 * A local policy decides only at iteration boundaries. It reads the batch and the waiting tasks and changes neither,
 * except that it marks the tasks it takes as `starting` or `resuming`, so that no task is taken twice.
 */
export interface LocalPolicy {
  /** Tasks chosen by the last `select`, in the order in which they join the batch. */
  readonly joining: Int32Array;
  readonly joiningCount: number;
  /** Tokens of the next iteration by the policy's own count; 0 for a policy that does not limit them. */
  readonly batchTokens: number;
  /** Puts a task that arrived or was preempted into the queue of waiting tasks. */
  enqueue(task: number): void;
  /** Whether a task that just arrived may end the running stretch at the next iteration boundary. */
  interrupts(batch: Batch, task: number): boolean;
  /** Whether the batch has room for some task, as far as the policy limits it. */
  hasRoom(batch: Batch): boolean;
  /** Chooses the next batch: fills `joining` and returns how many tasks of the old batch stay, counted from its front. */
  select(batch: Batch): number;
}
