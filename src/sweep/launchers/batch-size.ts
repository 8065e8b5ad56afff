/** How many runs a worker gets at once: handing over a run costs as much as a tenth of the shortest ones. */

export interface BatchSizer {
  /** Runs of the next batch, when so many have not started yet. */
  next(left: number): number;
  /** Tells how long a batch took. */
  learn(runs: number, seconds: number): void;
}

/** Long enough to hide handing over, short enough to be "in flight" when a sweep is stopped. */
const BATCH_SECONDS = 0.03;
const LARGEST_BATCH = 64;

/** `batchSeconds`: what a batch should take. */
export function createBatchSizer(workers: number, batchSeconds = BATCH_SECONDS): BatchSizer {
  let size = 1;
  return {
    /** The last batches are smaller, so that no worker is left with much when the others are done. */
    next: (left) => Math.max(1, Math.min(size, Math.ceil(left / (2 * workers)))),
    learn(runs, seconds) {
      const fitting = Math.floor((batchSeconds * runs) / Math.max(seconds, 1e-6));
      size = Math.max(1, Math.min(fitting, 4 * runs, LARGEST_BATCH));
    },
  };
}
