/** Looks up keys of a composed configuration. */
import type { ConfigNode } from "../../config/index.ts";

/** Keys and indexes with their values. Keys that are no strings have no path, and are left out. */
export function childrenOf(node: ConfigNode): (readonly [string, ConfigNode])[] {
  if (node.kind === "map") return [...node.entries].filter(([key]) => !key.startsWith("\0"));
  return node.kind === "list" ? node.items.map((item, index) => [String(index), item] as const) : [];
}

export function childAt(node: ConfigNode, key: string): ConfigNode | undefined {
  return childrenOf(node).find(([name]) => name === key)?.[1];
}

export function nodeAt(root: ConfigNode, path: readonly string[]): ConfigNode | undefined {
  let node: ConfigNode | undefined = root;
  for (const part of path) node = node === undefined ? undefined : childAt(node, part);
  return node;
}
