/** Applies value overrides to a composed tree, each copying only the path that it changes. */
import { ConfigError } from "../../errors.ts";
import { Resolver } from "../interpolation/resolver.ts";
import type { ResolverEnvironment } from "../interpolation/resolver-contract.ts";
import { type Located, scopePath } from "../interpolation/scope.ts";
import type { Override, OverrideValue } from "../override/value.ts";
import { didYouMean } from "../suggest.ts";
import { coerce, requireField } from "../tree/coerce.ts";
import { nodesEqual } from "../tree/equal.ts";
import { mergeMaps } from "../tree/merge.ts";
import {
  type ConfigNode,
  encodeKey,
  isMissingNode,
  isNullNode,
  listNode,
  type MapNode,
  mapNode,
  scalarNode,
} from "../tree/node.ts";
import type { Origin } from "../tree/origin.ts";
import { joinPath, keyText, keyTexts, listIndex, nodeAt, splitPath } from "../tree/path.ts";
import { TreeProblem } from "../tree/problem.ts";
import { pythonText } from "../tree/python-repr.ts";

export interface EditOptions {
  readonly environment: ResolverEnvironment;
  /** Whether `~key=null` deletes whatever the value is: in a sweep's job `~key` arrives so. */
  readonly deletesAnything: (override: Override) => boolean;
}

const MAX_PATH_LENGTH = 100;

/**
 * The tree after all edits, in their order.
 * @throws {ConfigError} the first mistake, further ones in `others`.
 */
export function applyEdits(root: MapNode, edits: readonly Override[], options: EditOptions): MapNode {
  let tree = root;
  const errors: ConfigError[] = [];
  for (const [index, override] of edits.entries()) {
    try {
      tree = applyEdit(tree, override, index, options);
    } catch (error) {
      errors.push(asConfigError(error, override, tree));
    }
  }
  const [first, ...others] = errors;
  if (first === undefined) return tree;
  if (others.length === 0) throw first;
  throw new ConfigError(first.label, first.message, {
    hint: first.hint,
    position: first.position,
    path: first.path,
    cause: first.cause,
    others,
  });
}

function applyEdit(root: MapNode, override: Override, index: number, options: EditOptions): MapNode {
  if (override.package !== undefined) {
    throw new ConfigError(
      "group_override_unknown_group",
      `Cannot apply '${override.text}': there is no config group '${override.key}'.`,
      {
        hint: "Only config groups take a package (@).",
      },
    );
  }
  const editor = new TreeEditor(root, options.environment);
  const path = splitPath(override.key);
  if (path.length > MAX_PATH_LENGTH) {
    throw new TreeProblem("not_a_container", "", `the key has more than ${MAX_PATH_LENGTH} parts`);
  }
  const origin: Origin = { kind: "override", text: override.text, index };
  switch (override.type) {
    case "del":
      return deleteValue(editor, override, path, options);
    case "extend_list":
      return extendList(editor, override, path, origin);
    case "add":
      requireAbsent(editor, override, path);
      return editor.set(path, valueNode(override.value, origin), true);
    case "force_add":
      return editor.set(path, valueNode(override.value, origin), true);
    case "change":
      return editor.set(path, valueNode(override.value, origin), false);
  }
}

/** `+key=value` adds; onto something that exists only a dict or a list can be added. */
function requireAbsent(editor: TreeEditor, override: Override, path: readonly string[]): void {
  if (override.value.type === "dict" || override.value.type === "list") return;
  const found = editor.find(path);
  if (found === undefined || isNullNode(found.node) || isMissingNode(found.node)) return;
  throw new ConfigError("append_exists", `Cannot apply '${override.text}': '${override.key}' exists already.`, {
    hint: `Use ${override.text.slice(1)} to change it, or +${override.text} to add or change it.`,
    path: override.key,
  });
}

function deleteValue(editor: TreeEditor, override: Override, path: readonly string[], options: EditOptions): MapNode {
  const parent = editor.find(path.slice(0, -1));
  const key = path[path.length - 1] ?? "";
  const container = parent?.node;
  const index = container?.kind === "list" ? listIndex(key, container.items.length) : undefined;
  const child =
    container?.kind === "map"
      ? container.entries.get(key)
      : index === undefined
        ? undefined
        : nodeAt(container!, [key]);
  if (parent === undefined || container === undefined || child === undefined) {
    const candidates = container?.kind === "map" ? keyTexts(container) : [];
    throw new ConfigError("delete_failed", `Cannot apply '${override.text}': '${override.key}' does not exist.`, {
      hint: didYouMean(key, candidates),
      path: override.key,
    });
  }
  const comparable =
    override.valueKind !== undefined && !(override.value.type === "null" && options.deletesAnything(override));
  if (comparable) {
    const wanted = valueNode(override.value, { kind: "override", text: override.text, index: 0 });
    const found = editor.resolved({
      node: child,
      scope: { container: container as MapNode, parent: parent.scope, key: parent.key },
      key,
    });
    if (!nodesEqual(wanted, found)) {
      throw new ConfigError(
        "delete_failed",
        `Cannot apply '${override.text}': the value of '${override.key}' is ${pythonText(found)}.`,
        {
          hint: `Use ~${override.key} to delete it whatever its value.`,
          path: override.key,
        },
      );
    }
  }
  return editor.remove(parent, index ?? key);
}

function extendList(editor: TreeEditor, override: Override, path: readonly string[], origin: Origin): MapNode {
  const found = editor.find(path);
  if (found?.node.kind !== "list" || override.value.type !== "list") {
    const what = found === undefined ? "does not exist" : `is ${pythonText(found.node)}`;
    throw new ConfigError(
      "extend_not_list",
      `Cannot apply '${override.text}': '${override.key}' ${what}; expected a list.`,
      { path: override.key },
    );
  }
  const items = [...found.node.items, ...override.value.items.map((item) => valueNode(item, origin))];
  return editor.replace(found, listNode(items, found.node.origin, found.node.elementType));
}

/** The node for a value of the override grammar. @throws {ConfigError} `nested_sweep`, `interpolation_syntax` */
export function valueNode(value: OverrideValue, origin: Origin): ConfigNode {
  switch (value.type) {
    case "list":
      return listNode(
        value.items.map((item) => valueNode(item, origin)),
        origin,
      );
    case "dict":
      return mapNode(new Map(value.entries.map(([key, item]) => [encodeKey(key), valueNode(item, origin)])), origin);
    case "str":
      return scalarNode({ type: "str", value: value.value }, origin);
    case "null":
    case "bool":
    case "int":
    case "float":
      return scalarNode(value, origin);
    default:
      throw new ConfigError("nested_sweep", "A sweep or extend_list() cannot stand inside another value.");
  }
}

/** One edit of a tree: finds places through interpolations and copies the path above what changes. */
class TreeEditor {
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

function asConfigError(error: unknown, override: Override, tree: MapNode): ConfigError {
  if (error instanceof ConfigError) {
    const isResolution = error.label.startsWith("omegaconf:") || error.label === "interpolation_syntax";
    if (!isResolution) return error;
    return new ConfigError("override_merge_error", `Cannot apply '${override.text}': ${error.message}`, {
      cause: error,
      hint: error.hint,
      path: override.key,
    });
  }
  if (!(error instanceof TreeProblem)) throw error;
  const unknownKey = error.kind === "key_not_in_struct" || error.kind === "key_not_in_type";
  const label = unknownKey && override.type === "change" ? "key_not_in_struct" : "override_merge_error";
  return new ConfigError(label, `Cannot apply '${override.text}': ${error.message}.`, {
    path: error.path,
    hint: unknownKey ? unknownKeyHint(error, override, tree) : undefined,
  });
}

function unknownKeyHint(problem: TreeProblem, override: Override, tree: MapNode): string {
  const name = problem.path.split(".").pop() ?? "";
  const near = didYouMean(name, problem.candidates);
  const closed =
    problem.kind === "key_not_in_type"
      ? `Known keys: ${problem.candidates.join(", ")}.`
      : `To add a new key write +${override.text}`;
  // A group that was not recognised ends up here too, so the names of the top level are worth a look.
  const top = problem.path.includes(".") ? undefined : didYouMean(name, keyTexts(tree));
  const suggestion = near ?? top;
  return suggestion === undefined ? closed : `${suggestion} ${closed}`;
}
