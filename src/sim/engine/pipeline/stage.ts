/** What waits at one stage of a pipeline, and what runs there. */

import { RequestQueue } from "./request-queue.ts";

/** Requests that pass through the stages together. */
export interface PipelineBatch {
  readonly isPrefill: boolean;
  readonly requests: readonly number[];
  readonly promptTokens: number;
  readonly squaredPromptTokens: number;
  /** Of decodes: tokens that they attend to, together. */
  readonly contextTokens: number;
}

export class Stage {
  running: PipelineBatch | undefined;
  /** It will look for work as soon as everything due now has happened. */
  isWaking = false;
  /** Prefill batches that the stage before has passed on. */
  readonly prefills: PipelineBatch[] = [];
  /** Decodes that wait here: each stage forms batches of its own. */
  readonly decodes = new RequestQueue();
}
