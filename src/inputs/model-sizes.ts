/** Model sizes that applications name and no file gives. */
import { ConfigError } from "../errors.ts";
import type { ApplicationParameters } from "../sim/workload/model.schema.ts";
import type { ModelArchitecture, ModelSize } from "../sim/workload/model.ts";
import { computedSize, PRECISION_NAMES } from "../sim/workload/model-weights.ts";
import { didYouMean } from "../suggest.ts";

/**
 * `sizes`, and the computed ones that are asked for; a file of that name goes before. Errors: those of `computedSize`, and
 * ConfigError for a name that begins with the application's architecture and is neither.
 */
export function withComputedSizes(
  applications: readonly ApplicationParameters[],
  architectures: ReadonlyMap<string, ModelArchitecture>,
  sizes: ReadonlyMap<string, ModelSize>,
): ReadonlyMap<string, ModelSize> {
  const all = new Map(sizes);
  applications.forEach(({ model_architecture, model_size: name }, index) => {
    const architecture = architectures.get(model_architecture);
    if (architecture === undefined || all.has(name)) return;
    const size = computedSize(name, architecture);
    if (size !== undefined) all.set(name, size);
    else if (name.startsWith(`${architecture.name}-`)) throw unknownSize(name, architecture, sizes, index);
  });
  return all;
}

function unknownSize(
  name: string,
  { name: architecture }: ModelArchitecture,
  sizes: ReadonlyMap<string, ModelSize>,
  index: number,
): ConfigError {
  const files = [...sizes].filter(([file, size]) => (size.architecture ?? file).startsWith(architecture));
  const known = [...PRECISION_NAMES.map((precision) => `${architecture}-${precision}`), ...files.map(([file]) => file)];
  return new ConfigError("unknown_name", `There is no model size named '${name}'.`, {
    path: `applications.${index}.model_size`,
    hint: didYouMean(name, known) ?? `Known of ${architecture}: ${[...new Set(known)].join(", ")}.`,
  });
}
