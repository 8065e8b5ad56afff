/** All start states. */
import { splitwise } from "./splitwise.ts";
import type { StartState } from "./start-state.ts";
import { unallocated } from "./unallocated.ts";
import { uniform } from "./uniform.ts";

export const startStates: readonly StartState[] = [unallocated, uniform, splitwise];
