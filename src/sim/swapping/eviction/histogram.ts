/**
 * A model stays as long, and comes back as early, as its idle times so far suggest, in whole minutes (Shahrad et al.,
 * "Serverless in the Wild", ATC 2020, section 4).
 */
import type { ServedModel } from "../served-model.ts";
import type { HistogramParameters } from "./eviction.schema.ts";
import type { EvictionPolicyDefinition } from "./eviction-policy.ts";

const MINUTE = 60;

export const histogram: EvictionPolicyDefinition = {
  targets: ["evictions.Histogram"],
  create(parameters) {
    const { prewarm_percentile, keep_alive_percentile, least_idle_times, keep_alive } =
      parameters as HistogramParameters;
    const percentile = ({ idleSeconds }: ServedModel, percent: number) => {
      const place = Math.ceil((percent / 100) * idleSeconds.length) - 1;
      return idleSeconds[Math.max(0, place)];
    };
    const isKnown = ({ idleSeconds }: ServedModel) => idleSeconds.length >= least_idle_times;
    const prewarmSeconds = (model: ServedModel) => {
      const seconds = isKnown(model) ? MINUTE * Math.floor(percentile(model, prewarm_percentile) / MINUTE) : 0;
      return seconds > 0 ? seconds : undefined;
    };
    return {
      rank: ({ lastUseSeconds }) => lastUseSeconds,
      prewarmSeconds,
      keepAliveSeconds: (model) =>
        isKnown(model) ? MINUTE * Math.ceil(percentile(model, keep_alive_percentile) / MINUTE) : keep_alive,
    };
  },
};
