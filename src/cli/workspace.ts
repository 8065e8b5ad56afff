/** Where a command finds its configuration: the search path, and the resolver for the files that configs name. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Composer, type SearchPathEntry } from "../config/index.ts";
import { ConfigError } from "../errors.ts";
import { PathResolver } from "../inputs/path-resolver.ts";
import type { CommandLine } from "./arguments.ts";

/** The package's own folder: this file is in `src/cli` or `dist/cli`. */
export const PACKAGE_DIR = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

export function packageVersion(): string {
  return JSON.parse(readFileSync(join(PACKAGE_DIR, "package.json"), "utf8")).version;
}

export interface Workspace {
  readonly composer: Composer;
  readonly resolver: PathResolver;
}

export type ConfigLocation = Pick<CommandLine, "configName" | "configPath" | "configDir">;

export function openWorkspace({ configName, configPath, configDir }: ConfigLocation): Workspace {
  const cwd = process.cwd();
  const shipped = join(PACKAGE_DIR, "conf");
  const primary = configPath === undefined ? shipped : resolve(cwd, configPath);
  requireFolder(primary, configPath);
  const searchPath: SearchPathEntry[] = [{ provider: "main", path: primary }];
  if (configDir !== undefined) {
    const added = resolve(cwd, configDir);
    requireFolder(added, configDir);
    searchPath.push({ provider: "command-line", path: added });
  }
  if (primary !== shipped) searchPath.push({ provider: "servesweep", path: shipped });
  searchPath.push({ provider: "servesweep", path: join(PACKAGE_DIR, "experiments"), group: "experiment" });
  return {
    composer: new Composer({ searchPath, configName: withoutExtension(configName ?? "config"), jobName: "sweep", cwd }),
    resolver: new PathResolver({ cwd, primaryConfigDir: primary, packageDir: PACKAGE_DIR }),
  };
}

/** A path as the user would type it. */
export function displayPath(path: string): string {
  const short = relative(process.cwd(), path);
  return short === "" ? "." : short.startsWith("..") ? path : short;
}

function requireFolder(path: string, given: string | undefined): void {
  if (existsSync(path)) return;
  throw new ConfigError("searchpath_error", `There is no configuration folder '${given ?? path}'.`);
}

function withoutExtension(name: string): string {
  return name.replace(/\.ya?ml$/, "");
}
