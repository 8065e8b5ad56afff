/**
 * Merges one tree over another, as OmegaConf does: mappings merge key by key and keep the order of the first, lists
 * are replaced whole, scalars and null replace anything, a mandatory value (`???`) never replaces anything.
 */
import { ConfigError } from "../../errors.ts";
import { coerce, requireField } from "./coerce.ts";
import { type ConfigNode, isMissingNode, type MapNode, mapNode } from "./node.ts";
import { MAP_OF_ANY } from "./node-type.ts";
import { joinPath, keyText, keyTexts } from "./path.ts";
import { TreeProblem } from "./problem.ts";

const MAX_PACKAGE_PARTS = 100;

export interface MergeOptions {
  /** Refuse keys that the destination does not have. */
  readonly closed: boolean;
  /** What an interpolated node of the destination stands for, or undefined if that cannot be told. */
  readonly resolve: (path: readonly string[]) => ConfigNode | undefined;
}

/**
 * @throws {TreeProblem}
 */
export function mergeMaps(
  target: MapNode,
  source: MapNode,
  options: MergeOptions,
  path: readonly string[] = [],
): MapNode {
  let entries: Map<string, ConfigNode> | undefined;
  for (const [key, sourceChild] of source.entries) {
    const targetChild = target.entries.get(key);
    const merged =
      targetChild === undefined
        ? newChild(target, key, sourceChild, options, path)
        : mergeChild(target, key, targetChild, sourceChild, options, path);
    if (merged === targetChild) continue;
    entries ??= new Map(target.entries);
    entries.set(key, merged);
  }
  const type = source.type === MAP_OF_ANY ? target.type : source.type;
  if (entries === undefined && type === target.type) return target;
  return mapNode(entries ?? target.entries, target.origin, type);
}

function newChild(
  target: MapNode,
  key: string,
  source: ConfigNode,
  options: MergeOptions,
  path: readonly string[],
): ConfigNode {
  const parent = path.map(keyText).join(".");
  const type = requireField(target.type, key, parent);
  if (options.closed) {
    const place = joinPath(parent, keyText(key));
    throw new TreeProblem("key_not_in_struct", place, `there is no key '${place}'`, keyTexts(target));
  }
  return coerce(source, type, joinPath(parent, keyText(key)));
}

function mergeChild(
  parent: MapNode,
  key: string,
  target: ConfigNode,
  source: ConfigNode,
  options: MergeOptions,
  path: readonly string[],
): ConfigNode {
  if (isMissingNode(source)) return target;
  const place = [...path, key];
  if (source.kind !== "scalar" && target.kind === "scalar" && target.expression !== undefined) {
    const resolved = options.resolve(place);
    if (resolved !== undefined && resolved.kind !== "scalar") {
      return mergeChild(parent, key, resolved, source, options, path);
    }
  }
  if (target.kind === "map" && source.kind === "map") return mergeMaps(target, source, options, place);
  const text = place.map(keyText).join(".");
  if (target.kind !== "scalar" && source.kind !== "scalar" && target.kind !== source.kind) {
    throw new TreeProblem(
      "incompatible_containers",
      text,
      `a ${source.kind} cannot be merged over the ${target.kind} at '${text}'`,
    );
  }
  return coerce(source, requireField(parent.type, key, path.map(keyText).join(".")), text);
}

/** A tree that holds `node` at a dotted package and nothing else. */
export function embed(node: ConfigNode, packageName: string): ConfigNode {
  if (packageName === "") return node;
  const parts = packageName.split(".");
  if (parts.length > MAX_PACKAGE_PARTS || parts.includes("__proto__")) {
    throw new ConfigError("bad_package", `'${packageName.slice(0, 80)}' cannot be a package.`);
  }
  return parts.reduceRight<ConfigNode>((inner, part) => mapNode(new Map([[part, inner]]), node.origin), node);
}
