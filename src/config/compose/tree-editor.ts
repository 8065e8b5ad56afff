/** Finds places of a tree through its interpolations, and makes trees in which they are changed. */
import { ConfigError } from "../../errors.ts";
import { Resolver } from "../interpolation/resolver.ts";
import type { ResolverEnvironment } from "../interpolation/resolver-contract.ts";
import { type Located, scopePath } from "../interpolation/scope.ts";
import { coerce, requireField } from "../tree/coerce.ts";
import { mergeMaps } from "../tree/merge.ts";
import { type ConfigNode, isMissingNode, listNode, type MapNode, mapNode } from "../tree/node.ts";
import { joinPath, keyText, keyTexts, listIndex, nodeAt } from "../tree/path.ts";
import { TreeProblem } from "../tree/problem.ts";

/** One edit of a tree: finds places through interpolations and copies the path above what changes. */
export class TreeEditor {
  readonly root: MapNode;
  readonly resolver: Resolver;

  constructor(root: MapNode, environment: ResolverEnvironment) {
    this.root = root;
    this.resolver = new Resolver(root, environment);
  }

  find(path: readonly string[]): Located | undefined {
    return this.resolver.find(this.resolver.rootLocation(), path);
  }

  resolved(located: Located): ConfigNode {
    return this.resolver.resolveTree(located);
  }

  /** Sets or merges a value; `open` allows new keys. */
  set(path: readonly string[], value: ConfigNode, open: boolean): MapNode {
    if (path.length === 0) throw new TreeProblem("not_a_container", "", "the key is empty");
    let at: Located = this.resolver.rootLocation();
    for (const [depth, key] of path.entries()) {
      const isLast = depth === path.length - 1;
      const shown = path.slice(0, depth + 1).join(".");
      const child = this.child(at, key, shown);
      if (isLast) return this.setChild(at, key, child, value, open, shown);
      const target = child === undefined ? undefined : this.resolver.dereference(child);
      if (target !== undefined && isMissingNode(target.node)) {
        throw new TreeProblem("missing_parent", shown, `'${shown}' is not set (???)`);
      }
      if (target === undefined || target.node.kind === "scalar") {
        return this.setBelowNothing(at, key, target !== undefined, path.slice(depth + 1), value, open, shown);
      }
      at = target;
    }
    throw new TreeProblem("not_a_container", path.join("."), "unreachable");
  }

  remove(parent: Located, key: string | number): MapNode {
    const { node } = parent;
    if (node.kind === "list") {
      return this.replace(
        parent,
        listNode(
          node.items.filter((_, index) => index !== key),
          node.origin,
          node.elementType,
        ),
      );
    }
    if (node.kind === "scalar") throw new TreeProblem("not_a_container", String(key), "there is nothing to delete");
    const entries = new Map(node.entries);
    entries.delete(String(key));
    return this.replace(parent, mapNode(entries, node.origin, node.type));
  }

  /** The tree with another node in the place of a located one. */
  replace(located: Located, node: ConfigNode): MapNode {
    const path = scopePath(located.scope, located.key);
    if (nodeAt(this.root, path.map(String)) !== located.node) {
      throw new TreeProblem(
        "unresolvable_parent",
        path.join("."),
        "the place is made by an interpolation and cannot be changed",
      );
    }
    return replaceAt(this.root, path, 0, node) as MapNode;
  }

  /** The child as it is written; undefined when a mapping has no such key. */
  private child(at: Located, key: string, shown: string): Located | undefined {
    const { node } = at;
    if (node.kind === "scalar") return undefined;
    const scope = { container: node, parent: at.scope, key: at.key };
    if (node.kind === "map") {
      const child = node.entries.get(key);
      return child === undefined ? undefined : { node: child, scope, key };
    }
    const index = listIndex(key, node.items.length);
    if (index === undefined) throw new TreeProblem("not_an_index", shown, `'${key}' is not the index of a list`);
    const child = node.items[index];
    if (child === undefined) {
      throw new TreeProblem(
        "index_out_of_range",
        shown,
        `there is no item ${key}: the list has ${node.items.length} items`,
      );
    }
    return { node: child, scope, key: index };
  }

  private setChild(
    at: Located,
    key: string,
    child: Located | undefined,
    value: ConfigNode,
    open: boolean,
    shown: string,
  ): MapNode {
    const container = at.node;
    if (child !== undefined && child.node.kind === "map" && value.kind === "map") {
      const options = { closed: !open, resolve: (path: readonly string[]) => this.resolvedAt(path) };
      const place = scopePath(child.scope, child.key).map(String);
      return this.replace(child, mergeMaps(child.node, value, options, place));
    }
    if (
      child !== undefined &&
      child.node.kind !== "scalar" &&
      value.kind !== "scalar" &&
      child.node.kind !== value.kind
    ) {
      throw new TreeProblem(
        "incompatible_containers",
        shown,
        `a ${value.kind} cannot replace the ${child.node.kind} at '${shown}'`,
      );
    }
    if (child !== undefined && child.node.kind === "list" && value.kind === "list") {
      const type = child.node.elementType;
      const items =
        type === undefined ? value.items : value.items.map((item, i) => coerce(item, type, joinPath(shown, i)));
      return this.replace(child, listNode(items, value.origin, type));
    }
    if (container.kind === "list") return this.replace(child!, value);
    if (container.kind === "scalar") throw new TreeProblem("not_a_container", shown, `'${shown}' is below a scalar`);
    if (child === undefined && !open) throw this.noSuchKey(container, key, shown);
    const fitted =
      open && child === undefined && container.type.other === undefined
        ? value
        : coerce(value, requireField(container.type, key, shown.split(".").slice(0, -1).join(".")), shown);
    const entries = new Map(container.entries);
    entries.set(key, fitted);
    return this.replace(at, mapNode(entries, container.origin, container.type));
  }

  private setBelowNothing(
    at: Located,
    key: string,
    exists: boolean,
    rest: readonly string[],
    value: ConfigNode,
    open: boolean,
    shown: string,
  ): MapNode {
    if (!open) {
      if (exists) throw new TreeProblem("key_not_in_struct", `${shown}.${rest.join(".")}`, `'${shown}' is no mapping`);
      throw this.noSuchKey(at.node, key, shown);
    }
    const nested = rest.reduceRight<ConfigNode>(
      (inner, part) => mapNode(new Map([[part, inner]]), value.origin),
      value,
    );
    const { node } = at;
    if (node.kind === "map")
      return this.replace(at, mapNode(new Map(node.entries).set(key, nested), node.origin, node.type));
    if (node.kind === "list") {
      const index = listIndex(key, node.items.length)!;
      return this.replace(
        at,
        listNode(
          node.items.map((item, i) => (i === index ? nested : item)),
          node.origin,
        ),
      );
    }
    throw new TreeProblem("not_a_container", shown, `'${shown}' is below a scalar`);
  }

  private noSuchKey(node: ConfigNode, key: string, shown: string): TreeProblem {
    const known = node.kind === "map" ? keyTexts(node) : [];
    return new TreeProblem("key_not_in_struct", shown, `there is no key '${keyText(key)}'`, known);
  }

  private resolvedAt(path: readonly string[]): ConfigNode | undefined {
    try {
      return this.find(path)?.node;
    } catch (error) {
      if (error instanceof ConfigError) return undefined;
      throw error;
    }
  }
}

function replaceAt(node: ConfigNode, path: readonly (string | number)[], depth: number, value: ConfigNode): ConfigNode {
  if (depth === path.length) return value;
  const key = path[depth]!;
  if (node.kind === "list") {
    const items = [...node.items];
    items[Number(key)] = replaceAt(items[Number(key)]!, path, depth + 1, value);
    return listNode(items, node.origin, node.elementType);
  }
  if (node.kind === "scalar") throw new TreeProblem("not_a_container", path.join("."), "a scalar has no children");
  const name = String(key);
  const entries = new Map(node.entries);
  entries.set(name, replaceAt(entries.get(name)!, path, depth + 1, value));
  return mapNode(entries, node.origin, node.type);
}
