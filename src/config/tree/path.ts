/** Dotted paths: `a.b.0`, and `a[0].b` as interpolations allow it. */
import { pythonStr } from "../values/python-text.ts";
import { type ConfigNode, decodeKey, type MapNode } from "./node.ts";

/** Splits a dotted path; a bracketed part is a part of its own. */
export function splitPath(path: string): string[] {
  if (path === "") return [];
  if (!path.includes("[")) return path.split(".");
  const parts: string[] = [];
  for (const found of path.matchAll(/(?:^|\.)([^.[]+)|\[([^\]]*)\]/g)) parts.push(found[1] ?? found[2] ?? "");
  return parts;
}

export function joinPath(parent: string, key: string | number): string {
  return parent === "" ? String(key) : `${parent}.${key}`;
}

/** Text of a key in a path or message. */
export function keyText(encoded: string): string {
  return encoded.startsWith("\0") ? pythonStr(decodeKey(encoded)) : encoded;
}

export function keyTexts(node: MapNode): string[] {
  return [...node.entries.keys()].map(keyText);
}

/** A list index as people write it: digits, or a negative number counted from the end; undefined for other text. */
export function listIndex(text: string, length: number): number | undefined {
  if (!/^-?\d+$/.test(text)) return undefined;
  const index = Number(text);
  return index < 0 ? length + index : index;
}

/** The child at a key or index, without following interpolations. */
export function childOf(node: ConfigNode, key: string): ConfigNode | undefined {
  if (node.kind === "map") return node.entries.get(key);
  if (node.kind === "list") {
    const index = listIndex(key, node.items.length);
    return index === undefined ? undefined : node.items[index];
  }
  return undefined;
}

/** The node at a path, without following interpolations. */
export function nodeAt(root: ConfigNode, path: readonly string[]): ConfigNode | undefined {
  let node: ConfigNode | undefined = root;
  for (const part of path) {
    if (node === undefined) return undefined;
    node = childOf(node, part);
  }
  return node;
}
