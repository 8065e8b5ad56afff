/** What identifies the content of a full block: its place in the prompt, and who else has the same tokens up to its end. */
import type { Trace } from "../../workload/trace.ts";

/**
 * A block that the trace's prefix blocks cover has the id of the one that holds its last token, which stands for all
 * tokens before it. Any other block is its request's own: ~request, which is negative.
 */
export class PrefixKeys {
  readonly #trace: Trace;
  readonly #blockTokens: number;

  constructor(trace: Trace, blockTokens: number) {
    this.#trace = trace;
    this.#blockTokens = blockTokens;
  }

  /** Whose content the request's block at this place is. */
  ownerOf(request: number, place: number): number {
    const { prefixBlocks, promptTokens } = this.#trace;
    if (prefixBlocks === undefined) return ~request;
    const endTokens = (place + 1) * this.#blockTokens;
    if (endTokens > promptTokens[request]) return ~request;
    const index = prefixBlocks.offsets[request] + Math.floor((endTokens - 1) / prefixBlocks.blockTokens);
    return index < prefixBlocks.offsets[request + 1] ? prefixBlocks.ids[index] : ~request;
  }
}
