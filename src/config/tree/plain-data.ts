/** Plain data of a tree. Results for parts without interpolations are kept on the nodes, shared and frozen. */

import { isPlainMap, type PlainValue } from "../values/plain.ts";
import { bool, float, int, NULL, type Scalar, str } from "../values/scalar.ts";
import { type ConfigNode, encodeKey, listNode, mapNode, scalarNode } from "./node.ts";
import type { Origin } from "./origin.ts";
import { keyText } from "./path.ts";

/** Interpolations stay as text; integers beyond 2^53 become the nearest double. */
export function toPlain(node: ConfigNode): PlainValue {
  if (node.kind === "scalar") return scalarToPlain(node.value);
  const known = node.cache.plain;
  if (known !== undefined) return known as PlainValue;
  const plain = node.kind === "list" ? Object.freeze(node.items.map(toPlain)) : mapToPlain(node.entries);
  node.cache.plain = plain;
  return plain;
}

/** The tree of plain data; whole numbers become integers. Every node has the same origin. */
export function fromPlain(value: PlainValue, origin: Origin): ConfigNode {
  if (isPlainMap(value)) {
    const entries = Object.entries(value).map(([key, item]) => [encodeKey(str(key)), fromPlain(item, origin)] as const);
    return mapNode(new Map(entries), origin);
  }
  if (typeof value === "object" && value !== null) {
    return listNode(
      value.map((item) => fromPlain(item, origin)),
      origin,
    );
  }
  return scalarNode(scalarFromPlain(value), origin);
}

function scalarFromPlain(value: string | number | boolean | null): Scalar {
  if (value === null) return NULL;
  if (typeof value === "string") return str(value);
  if (typeof value === "boolean") return bool(value);
  return Number.isSafeInteger(value) ? int(value) : float(value);
}

function mapToPlain(entries: ReadonlyMap<string, ConfigNode>): PlainValue {
  // `__proto__` cannot be among the keys: readers refuse it.
  const plain: Record<string, PlainValue> = {};
  for (const [key, child] of entries) plain[keyText(key)] = toPlain(child);
  return Object.freeze(plain);
}

function scalarToPlain(scalar: Scalar): PlainValue {
  switch (scalar.type) {
    case "null":
      return null;
    case "int":
      return typeof scalar.value === "bigint" ? Number(scalar.value) : scalar.value;
    default:
      return scalar.value;
  }
}

/** JSON pointers of the floats that are whole numbers (2.0), which plain data cannot tell from integers. */
export function wholeFloatPaths(node: ConfigNode, pointer = ""): string[] {
  if (node.kind === "scalar") {
    return node.value.type === "float" && Number.isInteger(node.value.value) ? [pointer] : [];
  }
  const children = node.kind === "list" ? node.items.entries() : node.entries.entries();
  const paths: string[] = [];
  for (const [key, child] of children) {
    const name = typeof key === "number" ? String(key) : keyText(key);
    paths.push(...wholeFloatPaths(child, `${pointer}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`));
  }
  return paths;
}
