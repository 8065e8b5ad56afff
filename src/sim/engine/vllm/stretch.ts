/** How far an engine may jump: passes of decodes that differ only in their context. */
import type { BlockPool } from "./block-pool.ts";
import type { Pass } from "./pass.ts";
import type { RequestState } from "./request-state.ts";

export interface DecodeStretch {
  /** Decodes only, whose blocks for this pass are held. */
  readonly pass: Pass;
  readonly state: RequestState;
  readonly pool: BlockPool;
  readonly blockTokens: number;
  /** Blocks that must stay free. */
  readonly spareBlocks: number;
}

/** The largest number of passes, at most `wanted`, for which the free blocks last. O(batch log wanted). */
export function alikeDecodes(stretch: DecodeStretch, wanted: number): number {
  const room = stretch.pool.freeBlocks - stretch.spareBlocks;
  if (blocksForPasses(stretch, wanted) <= room) return wanted;
  let possible = 1;
  let tooMany = wanted;
  while (tooMany - possible > 1) {
    const middle = Math.floor((possible + tooMany) / 2);
    if (blocksForPasses(stretch, middle) <= room) possible = middle;
    else tooMany = middle;
  }
  return possible;
}

/** Blocks that the decodes need beyond those that they hold. */
function blocksForPasses({ pass, state, blockTokens }: DecodeStretch, passes: number): number {
  const { items, count } = pass.scheduled;
  const { computedTokens, heldBlocks } = state;
  let blocks = 0;
  for (let index = 0; index < count; index++) {
    const request = items[index];
    blocks += Math.max(0, Math.ceil((computedTokens[request] + passes) / blockTokens) - heldBlocks[request]);
  }
  return blocks;
}
