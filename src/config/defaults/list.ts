/** Flattens the defaults tree into the order in which configs are merged. */
import { ConfigError } from "../../errors.ts";
import type { LoadedConfig } from "../sources/config-file.ts";
import { configPath, entryName, finalPackage, isMissingChoice, overrideKeyOf } from "./entry-paths.ts";
import { EMPTY_CONFIG, type TreeNode } from "./tree.ts";

/** One config of the final defaults list. */
export interface DefaultsListEntry {
  readonly configPath: string;
  /** Package that its values go to; `""` for the root. */
  readonly package: string;
  /** Path of the config that lists it; `<root>` for the primary config. */
  readonly parent: string | null;
  readonly isSelf: boolean;
  readonly primary: boolean;
  readonly loaded: LoadedConfig;
}

/** @throws {ConfigError} `duplicate_default` */
export function flattenDefaults(root: TreeNode): DefaultsListEntry[] {
  const list: DefaultsListEntry[] = [];
  const keys = new Set<string>();
  const visit = (node: TreeNode): void => {
    if (node.children !== undefined && node.children.length > 0) {
      for (const child of node.children) visit(child);
      return;
    }
    const entry = node.isSelf ? selfEntry(node.parent!) : leafEntry(node);
    if (entry === undefined) return;
    if (!node.isSelf && node.placed!.entry.kind === "group") requireUnique(keys, overrideKeyOf(node.placed!));
    list.push(entry);
  };
  visit(root);
  return list;
}

function selfEntry(node: TreeNode): DefaultsListEntry | undefined {
  return describe(node, true);
}

function leafEntry(node: TreeNode): DefaultsListEntry | undefined {
  const placed = node.placed;
  if (placed === undefined || placed.deleted || isMissingChoice(placed) || entryName(placed) === null) return undefined;
  return describe(node, false);
}

function describe(node: TreeNode, isSelf: boolean): DefaultsListEntry | undefined {
  const placed = node.placed;
  if (placed === undefined || node.loaded === undefined) return undefined;
  const path = configPath(placed);
  if (path === EMPTY_CONFIG) return undefined;
  const parent = node.parent;
  return {
    configPath: path,
    package: finalPackage(placed),
    parent: parent === undefined ? null : parent.placed === undefined ? "<root>" : configPath(parent.placed),
    isSelf,
    primary: placed.primary,
    loaded: node.loaded,
  };
}

function requireUnique(keys: Set<string>, key: string): void {
  if (keys.has(key)) {
    throw new ConfigError(
      "duplicate_default",
      `The group '${key}' stands twice in the defaults list with the same option.`,
      {
        hint: "Remove one of the entries.",
      },
    );
  }
  keys.add(key);
}
