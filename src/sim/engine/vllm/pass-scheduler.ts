/** The contract of a scheduler of passes: what an engine computes next, and what a finished pass has yielded. */
import type { BlockPool } from "./block-pool.ts";
import type { Pass } from "./pass.ts";
import type { RequestList } from "./request-list.ts";
import type { WaitingQueue } from "./waiting-queue.ts";

/** What an instance knows of its limits. */
export interface PassLimits {
  readonly blockTokens: number;
  readonly maxBatchedTokens: number;
  /** Infinite for no limit. */
  readonly maxSequences: number;
  /** Prompt and output of a request; infinite for no limit. */
  readonly maxModelTokens: number;
}

export interface PassScheduler {
  readonly pool: BlockPool;
  /** In the order in which they are asked for their next tokens. */
  readonly running: RequestList;
  readonly waiting: WaitingQueue;
  /** The pass that was scheduled last. */
  readonly pass: Pass;
  /** Requests whose first output token came out of the passes completed last. */
  readonly firstTokens: RequestList;
  /** Requests that these passes finished. They run no more, but keep their blocks until `leave`. */
  readonly finished: RequestList;
  /** Rises when requests come closer to their end for good: a run in which it stands still for ever is a livelock. */
  readonly progress: number;
  /** A request arrives; `hasCache`: its prompt was computed elsewhere, and its keys and values are to be stored here. */
  submit(request: number, hasCache: boolean): void;
  /** Whether a request that just arrived may change the next pass. */
  mayJoin(request: number): boolean;
  /** Fills `pass` for the pass that starts now. */
  schedule(): void;
  /** How many passes, this one included, will be alike but for the context, unless requests arrive or blocks become free. */
  alikePasses(): number;
  /** So many passes have run; fills `firstTokens` and `finished`. */
  complete(passes: number): void;
  /** A request that is in `finished` or goes on elsewhere leaves the running ones. */
  stopRunning(request: number): void;
  /** KV blocks that the first of the waiting requests needs, for messages. */
  neededBlocks(request: number): number;
}
