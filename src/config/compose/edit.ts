/** Applies value overrides to a composed tree, each copying only the path that it changes. */
import { ConfigError, throwTogether } from "../../errors.ts";
import { didYouMean } from "../../suggest.ts";
import type { ResolverEnvironment } from "../interpolation/resolver-contract.ts";
import type { Override, OverrideValue } from "../override/value.ts";
import { nodesEqual } from "../tree/equal.ts";
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
import { keyTexts, listIndex, nodeAt, splitPath } from "../tree/path.ts";
import { TreeProblem } from "../tree/problem.ts";
import { pythonText } from "../tree/python-repr.ts";

import { TreeEditor } from "./tree-editor.ts";

export interface EditOptions {
  readonly environment: ResolverEnvironment;
  /** Whether `~key=null` deletes whatever the value is: in a sweep's job `~key` arrives so. */
  readonly deletesAnything: (override: Override) => boolean;
  /** Config groups, for suggestions. */
  readonly groups: () => readonly string[];
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
      errors.push(asConfigError(error, override, tree, options));
    }
  }
  throwTogether(errors);
  return tree;
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
  if (found !== undefined && isMissingNode(found.node)) {
    throw new TreeProblem("missing_parent", override.key, `'${override.key}' is not set (???)`);
  }
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

function asConfigError(error: unknown, override: Override, tree: MapNode, { groups }: EditOptions): ConfigError {
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
    hint: unknownKey ? unknownKeyHint(error, override, [...keyTexts(tree), ...groups()]) : undefined,
  });
}

function unknownKeyHint(problem: TreeProblem, override: Override, topNames: readonly string[]): string {
  const name = problem.path.split(".").pop() ?? "";
  const near = didYouMean(name, problem.candidates);
  const closed =
    problem.kind === "key_not_in_type"
      ? `Known keys: ${problem.candidates.join(", ")}.`
      : `To add a new key write +${override.text}`;
  // A group that was not recognised ends up here too, and one without a choice has no key.
  const top = problem.path.includes(".") ? undefined : didYouMean(name, topNames);
  const suggestion = near ?? top;
  return suggestion === undefined ? closed : `${suggestion} ${closed}`;
}
