/** Builds the search path: built-in options, the given directories, `hydra.searchpath`, and last the fallbacks. */
import path from "node:path";
import { ConfigError } from "../../errors.ts";
import { Resolver } from "../interpolation/resolver.ts";
import type { ResolverEnvironment } from "../interpolation/resolver-contract.ts";
import type { Override } from "../override/value.ts";
import { overrideKey } from "../override/value.ts";
import { positionOf } from "../sources/config-file.ts";
import { type ConfigSource, fileSource } from "../sources/file-source.ts";
import { ConfigRepository } from "../sources/repository.ts";
import type { SourceCache } from "../sources/source-cache.ts";
import { type ConfigNode, isNullNode } from "../tree/node.ts";
import { BUILT_IN, type Origin } from "../tree/origin.ts";
import { valueNode } from "./edit.ts";

export interface SearchPathEntry {
  /** For messages, e.g. `main`. */
  readonly provider: string;
  /** Absolute directory. */
  readonly path: string;
  /** The directory appears as this config group. */
  readonly group?: string;
  /** Searched after the directories of `hydra.searchpath`. */
  readonly fallback?: boolean;
}

export interface SearchPathContext {
  readonly entries: readonly SearchPathEntry[];
  readonly builtIn: ConfigSource;
  readonly cache: SourceCache;
  readonly environment: ResolverEnvironment;
  readonly cwd: string;
}

/** Directories that `hydra.searchpath` adds, with where that was said. */
export interface ExtraSearchPath {
  readonly provider: string;
  readonly paths: readonly string[];
}

export function buildRepository(context: SearchPathContext, extra: ExtraSearchPath | undefined): ConfigRepository {
  const sourceOf = (entry: SearchPathEntry): ConfigSource =>
    fileSource(entry.provider, entry.path, context.cache, entry.group);
  const added = (extra?.paths ?? []).map((text) => {
    const directory = directoryOf(text, context.cwd);
    const source = fileSource(extra!.provider, directory ?? text, context.cache);
    if (directory === undefined || !source.isAvailable())
      context.environment.warn(`hydra.searchpath: '${text}' is not available.`);
    return source;
  });
  return new ConfigRepository([
    context.builtIn,
    ...context.entries.filter((entry) => entry.fallback !== true).map(sourceOf),
    ...added,
    ...context.entries.filter((entry) => entry.fallback === true).map(sourceOf),
  ]);
}

/**
 * The extra directories: those of the command line replace those of the primary config.
 * @throws {ConfigError} `searchpath_error`
 */
export function extraSearchPath(
  overrides: readonly Override[],
  primary: ConfigNode | undefined,
  environment: ResolverEnvironment,
): ExtraSearchPath | undefined {
  const override = overrides.find((candidate) => overrideKey(candidate) === "hydra.searchpath");
  if (override !== undefined && override.value.type !== "null") {
    const origin: Origin = { kind: "override", text: override.text, index: 0 };
    return readPaths("hydra.searchpath in command-line", valueNode(override.value, origin), override.text);
  }
  if (primary?.kind !== "map") return undefined;
  const resolver = new Resolver(primary, environment);
  const found = resolver.find(resolver.rootLocation(), ["hydra", "searchpath"]);
  if (found === undefined || isNullNode(found.node)) return undefined;
  return readPaths("hydra.searchpath in main", resolver.resolveTree(found), undefined);
}

function readPaths(provider: string, node: ConfigNode, override: string | undefined): ExtraSearchPath | undefined {
  if (isNullNode(node)) return undefined;
  const items = node.kind === "list" ? node.items : undefined;
  const paths = items?.map((item) =>
    item.kind === "scalar" && item.value.type === "str" ? item.value.value : undefined,
  );
  if (paths === undefined || paths.some((text) => text === undefined)) {
    const where = override === undefined ? "" : ` (override '${override}')`;
    throw new ConfigError("searchpath_error", `hydra.searchpath must be a list of directories${where}.`, {
      position: positionOf(override === undefined ? node.origin : BUILT_IN),
      path: "hydra.searchpath",
      hint: "Write hydra.searchpath=[file://DIRECTORY].",
    });
  }
  return { provider, paths: paths as string[] };
}

/** `file://DIR` or `DIR`, relative to `cwd`; undefined for other schemes. */
function directoryOf(text: string, cwd: string): string | undefined {
  const scheme = /^([a-z]+):\/\//.exec(text);
  if (scheme !== null && scheme[1] !== "file") return undefined;
  return path.resolve(cwd, scheme === null ? text : text.slice(scheme[0].length));
}
