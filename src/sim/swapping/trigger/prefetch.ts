/** Memory that is free is filled with the models that are likely to be asked for next. */
import type { ServedModel } from "../served-model.ts";
import type { PrefetchParameters } from "./load-trigger.schema.ts";
import type { LoadTriggerDefinition, TriggerContext } from "./load-trigger.ts";

const RANKS: Readonly<Record<PrefetchParameters["by"], (model: ServedModel, context: TriggerContext) => number>> = {
  popularity: ({ arrived }) => (arrived === 0 ? Number.POSITIVE_INFINITY : -arrived),
  // Overdue models count as due now: they have to come some time.
  idle_times: ({ idleSeconds, idleSinceSeconds }, { now }) =>
    idleSeconds.length === 0
      ? Number.POSITIVE_INFINITY
      : Math.max(now(), idleSinceSeconds + idleSeconds.reduce((sum, seconds) => sum + seconds, 0) / idleSeconds.length),
  oracle: (model, { nextUseSeconds }) => nextUseSeconds(model),
};

export const prefetch: LoadTriggerDefinition = {
  targets: ["load_triggers.Prefetch"],
  create(parameters, context) {
    const { by, spare_share } = parameters as PrefetchParameters;
    return { prefetchRank: (model) => RANKS[by](model, context), spareShare: spare_share };
  },
};
