/** The applications that `swapping.models` stands for. */
import type { ApplicationParameters } from "../workload/model.schema.ts";
import type { SwappingParameters } from "./swapping.schema.ts";

/** One application per model, numbered from 0, otherwise as the first of `applications`; their allocator swaps models. */
export function expandModels(
  swapping: SwappingParameters | undefined,
  applications: ApplicationParameters[],
): ApplicationParameters[] {
  if (swapping === undefined || swapping.models === null) return applications;
  const [first] = applications;
  return swapping.models
    .flatMap(({ architecture, size, count }) => Array.from({ length: count }, () => ({ architecture, size })))
    .map(({ architecture, size }, index) => ({
      ...first,
      application_id: index,
      model_architecture: architecture,
      model_size: size,
      allocator: "model_swapping",
    }));
}

/** By application: whether its model is loaded from the start and never evicted. */
export function pinnedModels(swapping: SwappingParameters | undefined): boolean[] {
  return (swapping?.models ?? []).flatMap(({ count, pinned }) => Array.from({ length: count }, () => pinned === true));
}

/** A name for every application: its model's, with a number if several serve the same. */
export function modelNames(applications: readonly ApplicationParameters[]): string[] {
  const total = new Map<string, number>();
  for (const { model_architecture: name } of applications) total.set(name, (total.get(name) ?? 0) + 1);
  const seen = new Map<string, number>();
  return applications.map(({ model_architecture: name }) => {
    const number = seen.get(name) ?? 0;
    seen.set(name, number + 1);
    return total.get(name) === 1 ? name : `${name}-${number}`;
  });
}
