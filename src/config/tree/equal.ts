/** Equality of trees as Python compares containers: mappings without order, 1 == 1.0. */
import { scalarsEqual } from "../values/scalar.ts";
import type { ConfigNode } from "./node.ts";

export function nodesEqual(a: ConfigNode, b: ConfigNode): boolean {
  if (a === b) return true;
  if (a.kind === "scalar") return b.kind === "scalar" && scalarsEqual(a.value, b.value);
  if (a.kind === "list") {
    return (
      b.kind === "list" &&
      a.items.length === b.items.length &&
      a.items.every((item, i) => nodesEqual(item, b.items[i]!))
    );
  }
  if (b.kind !== "map" || a.entries.size !== b.entries.size) return false;
  for (const [key, child] of a.entries) {
    const other = b.entries.get(key);
    if (other === undefined || !nodesEqual(child, other)) return false;
  }
  return true;
}
