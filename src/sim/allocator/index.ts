/** All allocators. */
import type { AllocatorDefinition } from "./allocator.ts";
import { modelSwapping } from "./model-swapping.ts";
import { noOp } from "./no-op.ts";

export const allocators: readonly AllocatorDefinition[] = [noOp, modelSwapping];
