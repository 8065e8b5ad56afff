/** A directory of config files: groups are sub-directories, configs are `.yaml` files. */
import path from "node:path";
import type { LoadedConfig } from "./config-file.ts";
import type { SourceCache } from "./source-cache.ts";

/** Where configs and groups come from. Paths use `/` and have no extension. */
export interface ConfigSource {
  readonly provider: string;
  /** For messages. */
  readonly location: string;
  isAvailable(): boolean;
  isGroup(group: string): boolean;
  isConfig(config: string): boolean;
  /** Names of the configs directly in a group, sorted. */
  options(group: string): readonly string[];
  /** Names of the groups directly in a group, sorted. */
  groups(group: string): readonly string[];
  load(config: string): LoadedConfig;
}

const EXTENSION = ".yaml";

/** The files below `directory`; with a `mount`, they appear as that config group. */
export function fileSource(provider: string, directory: string, cache: SourceCache, mount = ""): ConfigSource {
  const inside = (configPath: string): string | undefined => {
    const relative = belowMount(configPath, mount);
    if (relative === undefined || relative.split("/").includes("..") || relative.includes("\0")) return undefined;
    return path.join(directory, relative);
  };
  const aboveMount = (group: string): boolean => mount !== "" && (group === "" || mount.startsWith(`${group}/`));
  const fileOf = (config: string): string | undefined => {
    const file = inside(config.endsWith(EXTENSION) ? config : config + EXTENSION);
    return file !== undefined && cache.isFile(file) ? file : undefined;
  };
  return {
    provider,
    location: mount === "" ? directory : `${directory} (as ${mount})`,
    isAvailable: () => cache.isDirectory(directory),
    isGroup: (group) => {
      if (aboveMount(group)) return true;
      const place = inside(group);
      return place !== undefined && cache.isDirectory(place);
    },
    isConfig: (config) => fileOf(config) !== undefined,
    options: (group) => {
      const place = inside(group);
      if (place === undefined) return [];
      return cache
        .fileNames(place)
        .filter((name) => name.endsWith(EXTENSION))
        .map((name) => name.slice(0, -EXTENSION.length));
    },
    groups: (group) => {
      if (aboveMount(group)) return [mount.slice(group === "" ? 0 : group.length + 1).split("/")[0]!];
      const place = inside(group);
      return place === undefined ? [] : cache.directoryNames(place);
    },
    load: (config) => cache.config(fileOf(config)!, config, provider),
  };
}

/** The part of a path below the mounted group; undefined for a path elsewhere. */
function belowMount(configPath: string, mount: string): string | undefined {
  if (mount === "") return configPath;
  if (configPath === mount) return "";
  return configPath.startsWith(`${mount}/`) ? configPath.slice(mount.length + 1) : undefined;
}
