/** Where a command finds its configuration: the search path, and the resolver for the files that configs name. */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { Composer, type SearchPathEntry } from "../config/index.ts";
import { ConfigError, SweepError } from "../errors.ts";
import { PACKAGE_DIR } from "./package-info.ts";
import { PathResolver } from "./path-resolver.ts";
import type { Plugin } from "./plugins/plugin.ts";

export interface Workspace {
  readonly composer: Composer;
  readonly resolver: PathResolver;
  readonly plugins: readonly Plugin[];
}

/** Which configuration to compose; the shipped one if nothing is given. */
export interface ConfigLocation {
  readonly configName?: string | undefined;
  /** Folder that replaces the shipped configs as the primary one. */
  readonly configPath?: string | undefined;
  /** Folder that is searched besides. */
  readonly configDir?: string | undefined;
}

/** Errors: SweepError `FILE` if the working directory is gone. */
export function workingDirectory(): string {
  try {
    return process.cwd();
  } catch (error) {
    throw new SweepError("FILE", "The working directory is not there any more.", {
      hint: "Go to a directory that exists.",
      cause: error,
    });
  }
}

/** `cwd` is the base of relative paths. Errors: ConfigError `searchpath_error` if a given folder is not there. */
export function openWorkspace(
  { configName, configPath, configDir }: ConfigLocation,
  cwd = workingDirectory(),
  plugins: readonly Plugin[] = [],
): Workspace {
  const shipped = join(PACKAGE_DIR, "conf");
  const primary = configPath === undefined ? shipped : resolve(cwd, configPath);
  requireFolder(primary, configPath);
  const searchPath: SearchPathEntry[] = [{ provider: "main", path: primary }];
  if (configDir !== undefined) {
    const added = resolve(cwd, configDir);
    requireFolder(added, configDir);
    searchPath.push({ provider: "command-line", path: added });
  }
  if (primary !== shipped) searchPath.push({ provider: "servesweep", path: shipped, fallback: true });
  const experiments = { provider: "servesweep", path: join(PACKAGE_DIR, "experiments"), group: "experiment" };
  searchPath.push({ ...experiments, fallback: true });
  return {
    composer: new Composer({ searchPath, configName: withoutExtension(configName ?? "config"), jobName: "sweep", cwd }),
    resolver: new PathResolver({ cwd, primaryConfigDir: primary, packageDir: PACKAGE_DIR }),
    plugins,
  };
}

function requireFolder(path: string, given: string | undefined): void {
  if (existsSync(path)) return;
  throw new ConfigError("searchpath_error", `There is no configuration folder '${given ?? path}'.`);
}

function withoutExtension(name: string): string {
  return name.replace(/\.ya?ml$/, "");
}
