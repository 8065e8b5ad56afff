/** Models are loaded when a request waits for them, and never else. */
import type { LoadTriggerDefinition } from "./load-trigger.ts";

export const onDemand: LoadTriggerDefinition = { targets: ["load_triggers.OnDemand"], create: () => ({}) };
