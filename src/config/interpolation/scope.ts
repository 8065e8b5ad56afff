/** Where in the tree a node stands: the containers above it, innermost first. Relative interpolations need them. */
import type { ConfigNode, ContainerNode } from "../tree/node.ts";
import type { Scalar } from "../values/scalar.ts";

export interface Scope {
  readonly container: ContainerNode;
  /** Scope of the container itself; null for the root. */
  readonly parent: Scope | null;
  /** Key of the container within its parent. */
  readonly key: string | number | null;
}

/** A node together with the container that holds it; the root has no scope. */
export interface Located {
  readonly node: ConfigNode;
  readonly scope: Scope | null;
  readonly key: string | number | null;
}

export function scopePath(scope: Scope | null, key: string | number | null): (string | number)[] {
  const parts: (string | number)[] = [];
  if (key !== null) parts.unshift(key);
  for (let at = scope; at !== null && at.key !== null; at = at.parent) parts.unshift(at.key);
  return parts;
}

/** A scalar that is the result of an interpolation; text in it is never interpolated again. */
export function synthetic(value: Scalar, from: Located): Located {
  return {
    node: { kind: "scalar", value, expression: undefined, origin: from.node.origin },
    scope: from.scope,
    key: from.key,
  };
}
