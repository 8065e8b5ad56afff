/** How loaded an instance is, by several measures. */
import { ConfigError } from "../../../errors.ts";
import type { Instance } from "../../cluster/instance.ts";
import type { GlobalPolicyParameters, LoadMeasure } from "./global-policy.schema.ts";

/** Load of an instance from the point of view of a request. */
export type Load = (instance: Instance, request: number) => number;

const LOADS: Readonly<Record<LoadMeasure, Load>> = {
  time(instance, request) {
    const seconds = instance.engine.backlogSeconds?.(request);
    if (seconds !== undefined) return seconds;
    throw new ConfigError("no_backlog", `Instance ${instance.label} cannot say how long its work will take.`, {
      path: instance.tag === "token" ? "decode_global.by" : "prefill_global.by",
      hint: "Choose by=queue, by=batch or by=memory.",
    });
  },
  memory: ({ memory }) => memory.usedBytes / memory.capacityBytes,
  batch: ({ engine }) => engine.batchSize + engine.pendingTasks,
  queue: ({ engine }) => engine.pendingTasks,
};

export function loadBy(parameters: GlobalPolicyParameters): Load {
  return LOADS["by" in parameters ? parameters.by : "queue"];
}
