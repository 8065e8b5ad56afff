/** Gaps between the output tokens that a stretch of passes produced. */
import type { GapCounter } from "../gap-counter.ts";
import type { Pass } from "./pass.ts";
import type { RequestState } from "./request-state.ts";

export interface Stretch {
  readonly startSeconds: number;
  readonly seconds: number;
  readonly passes: number;
}

/** Called when the passes are completed. A first token ends no gap; one after a wait or a preemption ends a longer one. */
export function countGaps(gaps: GapCounter, pass: Pass, state: RequestState, stretch: Stretch): void {
  const { outputTokens, countedTokens, lastTokenSeconds } = state;
  const { items, count } = pass.scheduled;
  const endSeconds = stretch.startSeconds + stretch.seconds;
  let decodes = 0;
  for (let index = 0; index < count; index++) {
    const request = items[index];
    const counted = countedTokens[request];
    const output = outputTokens[request];
    if (output === counted) continue;
    if (counted > 0 && output > counted) {
      decodes++;
      gaps.join(stretch.startSeconds - lastTokenSeconds[request]);
    }
    countedTokens[request] = output;
    lastTokenSeconds[request] = endSeconds;
  }
  gaps.stretch(decodes, stretch.passes, stretch.seconds, 0);
}
