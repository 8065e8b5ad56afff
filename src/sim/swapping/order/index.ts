/** All model orders. */
import { batchBeforeSwap } from "./batch-before-swap.ts";
import { costAware } from "./cost-aware.ts";
import { edf } from "./edf.ts";
import { fcfs } from "./fcfs.ts";
import { longestQueue } from "./longest-queue.ts";
import type { ModelOrderDefinition } from "./model-order.ts";
import { roundRobin } from "./round-robin.ts";

export const modelOrders: readonly ModelOrderDefinition[] = [
  fcfs,
  batchBeforeSwap,
  edf,
  longestQueue,
  roundRobin,
  costAware,
];
