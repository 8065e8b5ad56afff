/** All arbiters. */
import type { ArbiterDefinition } from "./arbiter.ts";
import { noOp } from "./no-op.ts";

export const arbiters: readonly ArbiterDefinition[] = [noOp];
