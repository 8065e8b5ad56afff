/** What it costs an evicted request to come back. */
import type { DisaggregatedParameters } from "./disaggregated.schema.ts";
import type { PromptTimes } from "./prefill-engine.ts";

export interface ReturnCosts {
  /** Seconds that the iteration which the request joins is longer for it. */
  seconds(tokens: number): number;
}

/** `free`: nothing (LLM-Serving-Simulator). Swapping moves the KV cache out and in again; recomputing is a prefill. */
export function returnCosts(
  { eviction, swap_bandwidth: bytesPerSecond }: DisaggregatedParameters,
  times: PromptTimes,
  kvBytesPerToken: number,
): ReturnCosts {
  if (eviction === "free") return { seconds: () => 0 };
  if (eviction === "swap") return { seconds: (tokens) => (2 * tokens * kvBytesPerToken) / bytesPerSecond };
  return { seconds: (tokens) => times.one(tokens) };
}
