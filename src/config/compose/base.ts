/** Merges the configs of a defaults list into one tree. */
import { ConfigError } from "../../errors.ts";
import { suggest } from "../../suggest.ts";
import type { DefaultsListEntry } from "../defaults/list.ts";
import { Resolver } from "../interpolation/resolver.ts";
import type { ResolverEnvironment } from "../interpolation/resolver-contract.ts";
import { positionOf } from "../sources/config-file.ts";
import { embed, mergeMaps } from "../tree/merge.ts";
import { type ConfigNode, isNullNode, type MapNode, mapNode } from "../tree/node.ts";
import { BUILT_IN } from "../tree/origin.ts";
import { nodeAt, splitPath } from "../tree/path.ts";
import { TreeProblem } from "../tree/problem.ts";

/**
 * @param hydraValues values of the built-in `hydra` node that the embedding program wants different.
 * @throws {ConfigError} `compose_merge_error`, `searchpath_error`.
 */
export function mergeDefaults(
  list: readonly DefaultsListEntry[],
  environment: ResolverEnvironment,
  hydraValues: MapNode | undefined,
): MapNode {
  let root: MapNode = mapNode(new Map(), BUILT_IN);
  for (const entry of list) {
    const source = embed(entry.loaded.tree, entry.package);
    refuseSearchPath(entry, source);
    root = mergeConfig(root, source, entry.configPath, environment);
    if (entry.configPath === "hydra/config" && hydraValues !== undefined) {
      root = mergeConfig(root, embed(hydraValues, "hydra"), "hydra defaults", environment);
    }
  }
  return root;
}

function mergeConfig(root: MapNode, source: ConfigNode, config: string, environment: ResolverEnvironment): MapNode {
  if (source.kind !== "map") {
    throw new ConfigError(
      "compose_merge_error",
      `In '${config}': a ${source.kind} cannot be merged into the root of the configuration.`,
      {
        position: positionOf(source.origin),
        hint: "Give the config a package, e.g. '# @package name'.",
      },
    );
  }
  const resolve = (path: readonly string[]): ConfigNode | undefined => {
    const resolver = new Resolver(root, environment);
    try {
      return resolver.find(resolver.rootLocation(), path)?.node;
    } catch (error) {
      if (error instanceof ConfigError) return undefined;
      throw error;
    }
  };
  try {
    return mergeMaps(root, source, { closed: false, resolve });
  } catch (error) {
    if (!(error instanceof TreeProblem)) throw error;
    const culprit = nodeAt(source, splitPath(error.path)) ?? source;
    const near = suggest(error.path.split(".").pop() ?? "", error.candidates);
    throw new ConfigError("compose_merge_error", `In '${config}': ${error.message}.`, {
      position: positionOf(culprit.origin),
      path: error.path,
      hint: near.length > 0 ? `Did you mean ${near.join(" or ")}?` : undefined,
    });
  }
}

function refuseSearchPath(entry: DefaultsListEntry, source: ConfigNode): void {
  if (entry.primary || entry.configPath === "hydra/config") return;
  const found = nodeAt(source, ["hydra", "searchpath"]);
  if (found === undefined || isNullNode(found)) return;
  throw new ConfigError(
    "searchpath_error",
    `In '${entry.configPath}': only the primary config can set hydra.searchpath.`,
    {
      position: positionOf(found.origin),
    },
  );
}
