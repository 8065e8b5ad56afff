/** The configs that come with the engine: the `hydra` node and the options of its groups. */
import type { LoadedConfig } from "../sources/config-file.ts";
import { groupEntry } from "../sources/default-entry.ts";
import type { ConfigSource } from "../sources/file-source.ts";
import { coerce } from "../tree/coerce.ts";
import { BUILT_IN } from "../tree/origin.ts";
import { fromPlain } from "../tree/plain-data.ts";
import { compareText } from "../values/compare.ts";
import { BUILT_IN_CONFIGS, type BuiltInConfig } from "./built-in-configs.ts";

const GROUPS = new Set(
  Object.keys(BUILT_IN_CONFIGS)
    .flatMap((path) => parents(path))
    .concat("hydra/callbacks"),
);

/** First on every search path. */
export function builtInSource(): ConfigSource {
  const loaded = new Map<string, LoadedConfig>();
  return {
    provider: "hydra",
    location: "built-in options",
    isAvailable: () => true,
    isGroup: (group) => GROUPS.has(group),
    isConfig: (config) => Object.hasOwn(BUILT_IN_CONFIGS, config),
    options: (group) => childNames(Object.keys(BUILT_IN_CONFIGS), group),
    groups: (group) => childNames([...GROUPS], group),
    load: (config) => {
      let found = loaded.get(config);
      if (found === undefined) {
        found = loadBuiltIn(config, BUILT_IN_CONFIGS[config]!);
        loaded.set(config, found);
      }
      return found;
    },
  };
}

function loadBuiltIn(path: string, config: BuiltInConfig): LoadedConfig {
  const { values, type, packageHeader, defaults = {} } = config;
  const tree = fromPlain(values, BUILT_IN);
  return {
    path,
    provider: "hydra",
    file: `<${path}>`,
    packageHeader,
    defaults: Object.entries(defaults).map(([group, option]) => groupEntry(group, option, BUILT_IN)),
    tree: type === undefined ? tree : coerce(tree, { kind: "map", map: type, optional: false }, path),
  };
}

function parents(path: string): string[] {
  const parts = path.split("/");
  return parts.slice(0, -1).map((_, index) => parts.slice(0, index + 1).join("/"));
}

function childNames(paths: readonly string[], group: string): string[] {
  const prefix = group === "" ? "" : `${group}/`;
  return paths
    .filter((path) => path.startsWith(prefix) && !path.slice(prefix.length).includes("/"))
    .map((path) => path.slice(prefix.length))
    .filter((name) => name !== "")
    .sort(compareText);
}
