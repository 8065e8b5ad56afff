/** What of the models can never be served, said before the first event. */
import { ConfigError, TraceError } from "../../errors.ts";
import { gigabytes } from "../checks.ts";
import type { Requests } from "../workload/requests.ts";
import type { WeightLoader } from "./links/weight-loader.ts";
import type { ProcessorGroup } from "./processor-group.ts";
import type { ServedModel } from "./served-model.ts";
import type { ModelDescription } from "./served-models.ts";

/** Puts copies of all models into the tiers below the processors. Errors: ConfigError if one finds no place. */
export function checkTiers(loader: WeightLoader, models: readonly ServedModel[]): void {
  const homeless = loader.placeCopies(models);
  if (homeless === undefined) return;
  const { name, weightBytes } = models[homeless];
  throw new ConfigError(
    "no_tier",
    `No tier holds ${name}: its weights take ${gigabytes(weightBytes)}, and DRAM and NVMe are full.`,
    { path: "weight_links", hint: "Raise weight_links.dram.capacity or nvme.capacity, or add weight_links.remote." },
  );
}

/**
 * Every model fits on a group, alone, with the longest of its requests. Errors: ConfigError for weights, TraceError for a
 * request that does not.
 */
export function checkFit(
  { models: described, requests }: { readonly models: readonly ModelDescription[]; readonly requests: Requests },
  models: readonly ServedModel[],
  groups: readonly ProcessorGroup[],
): void {
  const largest = Math.max(...groups.map(({ capacityBytes }) => capacityBytes));
  models.forEach((model, index) => {
    if (model.weightBytes > largest) {
      throw new ConfigError(
        "model_too_large",
        `The weights of ${model.name} take ${gigabytes(model.weightBytes)}, and the largest group of processors has ${gigabytes(largest)}.`,
        { path: described[index].path, hint: "Raise swapping.instance.tensor_parallelism, or choose a smaller model." },
      );
    }
    if (model.neededBytes <= largest) return;
    const { trace } = requests;
    const tokens = (row: number) => (trace.promptTokens[row] + trace.outputTokens[row]) * trace.batchSize[row];
    const longest = model.requests.reduce((best, row) => (tokens(row) > tokens(best) ? row : best), model.requests[0]);
    throw new TraceError(
      `Request ${trace.requestId[longest]} can never be served: the KV cache of its ${tokens(longest)} tokens takes ` +
        `${gigabytes(model.longestKvBytes)}, and ${model.name} leaves ${gigabytes(largest - model.weightBytes)} of the largest group of processors.`,
      { file: trace.source, line: trace.lines?.[longest] },
      { hint: "Raise swapping.instance.tensor_parallelism, or drop the request." },
    );
  });
}
