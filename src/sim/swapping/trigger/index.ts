/** All load triggers. */
import type { LoadTriggerDefinition } from "./load-trigger.ts";
import { onDemand } from "./on-demand.ts";
import { prefetch } from "./prefetch.ts";
import { schedule } from "./schedule.ts";

export const loadTriggers: readonly LoadTriggerDefinition[] = [onDemand, prefetch, schedule];
