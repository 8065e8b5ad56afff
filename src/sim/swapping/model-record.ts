/** What is recorded of a model. */
import type { ServedModel } from "./served-model.ts";
import type { SwapRecord } from "./swap-record.ts";

export function modelRecord(model: ServedModel, now: number): SwapRecord["models"][number] {
  const present = model.residencies.filter(({ state }) => state === "ready");
  return {
    name: model.name,
    applicationId: model.application.id,
    requests: model.arrived,
    hits: model.hits,
    loads: model.loads,
    loadedBytes: model.loadedBytes,
    loadingSeconds: model.loadingSeconds,
    residentSeconds: present.reduce(
      (sum, { readySinceSeconds }) => sum + now - readySinceSeconds,
      model.residentSeconds,
    ),
    evictions: model.evictions,
    wastedPrefetches: model.wastedPrefetches,
    preemptions: model.preemptions,
    redoneTokens: model.redoneTokens,
  };
}
