/** `--info plugins`: launchers, sweepers, and the components that a config can name by `_target_`. */
import type { Plugin } from "../../inputs/plugins/plugin.ts";
import { builtSchema } from "../../schema/built-schemas.ts";
import type { JsonSchema } from "../../schema/json-schema.ts";
import type { InfoRequest } from "./info.ts";

/** Config groups whose nodes or files are components. */
const COMPONENT_GROUPS = [
  ...["allocator", "applications", "arbiter", "performance_model", "power_model", "router", "scheduler", "trace"],
  ...["hardware_repo/processors", "hardware_repo/skus", "model_repo/architectures", "model_repo/sizes"],
];

export interface Plugins {
  readonly launchers: readonly string[];
  readonly sweepers: readonly string[];
  /** By config group; the second and further names of a component are those of SplitwiseSim's configs. */
  readonly targets: Readonly<Record<string, readonly (readonly string[])[]>>;
  /** Names of the components of --plugin, by file. */
  readonly own: Readonly<Record<string, readonly (readonly string[])[]>>;
}

export function plugins({ composer, overrides, own = [] }: InfoRequest): Plugins {
  return {
    launchers: composer.groupOptions("hydra/launcher", overrides),
    sweepers: composer.groupOptions("hydra/sweeper", overrides),
    targets: Object.fromEntries([...COMPONENT_GROUPS].sort().map((group) => [group, targetsIn(builtSchema(group))])),
    own: Object.fromEntries(
      own.map(({ path, components }: Plugin) => [path, components.map(({ targets }) => targets)]),
    ),
  };
}

export function pluginsText({ launchers, sweepers, targets, own }: Plugins): string {
  const components = Object.entries({ ...targets, ...own }).flatMap(([group, names]) => [
    `${group}:`,
    ...names.map(([name, ...others]) => `  ${name}${others.length === 0 ? "" : ` (${others.join(", ")})`}`),
  ]);
  const named = (names: readonly string[]) => names.map((name) => `  ${name}`);
  const lines = ["hydra/launcher:", ...named(launchers), "hydra/sweeper:", ...named(sweepers), ...components];
  return `${lines.join("\n")}\n`;
}

function targetsIn(schema: JsonSchema): string[][] {
  const own = schema.properties?._target_;
  const inner = [...(schema.anyOf ?? []), ...(schema.items === undefined ? [] : [schema.items])].flatMap(targetsIn);
  return [...(own === undefined ? [] : [namesIn(own)]), ...inner];
}

function namesIn({ enum: values, anyOf }: JsonSchema): string[] {
  return [...(values ?? []).map(String), ...(anyOf ?? []).flatMap(namesIn)];
}
