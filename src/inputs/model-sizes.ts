/** Model sizes that applications name and no file gives. */

import type { ApplicationParameters } from "../sim/workload/model.schema.ts";
import type { ModelArchitecture, ModelSize } from "../sim/workload/model.ts";
import { computedSize } from "../sim/workload/model-weights.ts";

/** `sizes`, and the computed ones that are asked for; a file of that name goes before. Errors: those of `computedSize`. */
export function withComputedSizes(
  applications: readonly ApplicationParameters[],
  architectures: ReadonlyMap<string, ModelArchitecture>,
  sizes: ReadonlyMap<string, ModelSize>,
): ReadonlyMap<string, ModelSize> {
  const all = new Map(sizes);
  for (const { model_architecture, model_size: name } of applications) {
    const architecture = architectures.get(model_architecture);
    const size = all.has(name) || architecture === undefined ? undefined : computedSize(name, architecture);
    if (size !== undefined) all.set(name, size);
  }
  return all;
}
