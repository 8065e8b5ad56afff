/** All allocators. */
import type { AllocatorDefinition } from "./allocator.ts";
import { noOp } from "./no-op.ts";

export const allocators: readonly AllocatorDefinition[] = [noOp];
