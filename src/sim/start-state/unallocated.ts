/** No instances: the allocator has to start them. */
import type { StartState } from "./start-state.ts";

export const unallocated: StartState = {
  matches: (stateType) => stateType === "unallocated",
  plan: () => [],
};
