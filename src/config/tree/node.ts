/**
 * The configuration tree. Nodes never change after construction: compositions share every part they have in
 * common, and an edit copies only the path from the root to the edited place.
 */
import { ConfigError } from "../../errors.ts";
import { type Expression, parseExpression } from "../interpolation/expression.ts";
import { isMissing, NULL, type Scalar, str } from "../values/scalar.ts";
import { MAP_OF_ANY, type MapType, type ValueType } from "./node-type.ts";
import type { Origin } from "./origin.ts";

export interface ScalarNode {
  readonly kind: "scalar";
  readonly value: Scalar;
  /** Set when the value is a string that holds `${`. */
  readonly expression: Expression | undefined;
  readonly origin: Origin;
}

export interface MapNode {
  readonly kind: "map";
  /** Keys as `encodeKey` writes them. */
  readonly entries: ReadonlyMap<string, ConfigNode>;
  readonly type: MapType;
  /** Whether any leaf below is an interpolation. */
  readonly dynamic: boolean;
  readonly origin: Origin;
  /** Caches of derived data (`undefined` until first asked). */
  readonly cache: NodeCache;
}

export interface ListNode {
  readonly kind: "list";
  readonly items: readonly ConfigNode[];
  readonly elementType: ValueType | undefined;
  readonly dynamic: boolean;
  readonly origin: Origin;
  readonly cache: NodeCache;
}

export interface NodeCache {
  plain: unknown;
}

export type ContainerNode = MapNode | ListNode;
export type ConfigNode = ScalarNode | ContainerNode;

/**
 * A scalar node; a string with `${` is parsed.
 * @throws {ConfigError} when the interpolation is malformed.
 */
export function scalarNode(value: Scalar, origin: Origin): ScalarNode {
  const expression =
    value.type === "str" && value.value.includes("${") ? parseExpression(value.value, origin) : undefined;
  return { kind: "scalar", value, expression, origin };
}

export function mapNode(entries: ReadonlyMap<string, ConfigNode>, origin: Origin, type: MapType = MAP_OF_ANY): MapNode {
  let dynamic = false;
  for (const child of entries.values()) {
    if (isDynamic(child)) {
      dynamic = true;
      break;
    }
  }
  return { kind: "map", entries, type, dynamic, origin, cache: { plain: undefined } };
}

export function listNode(items: readonly ConfigNode[], origin: Origin, elementType?: ValueType): ListNode {
  return {
    kind: "list",
    items,
    elementType,
    dynamic: items.some(isDynamic),
    origin,
    cache: { plain: undefined },
  };
}

export function isDynamic(node: ConfigNode): boolean {
  return node.kind === "scalar" ? node.expression !== undefined : node.dynamic;
}

export function isMissingNode(node: ConfigNode): boolean {
  return node.kind === "scalar" && isMissing(node.value);
}

export function isNullNode(node: ConfigNode): boolean {
  return node.kind === "scalar" && node.value.type === "null";
}

/**
 * A key as text that is unique among all key types: strings as they are, others behind a NUL and a type letter.
 * @throws {ConfigError} `bad_key` for `__proto__`, which plain objects cannot hold safely.
 */
export function encodeKey(key: Scalar): string {
  switch (key.type) {
    case "str":
      if (key.value === "__proto__") throw new ConfigError("bad_key", "'__proto__' is not allowed as a key.");
      return key.value.startsWith("\0") ? `\0s${key.value}` : key.value;
    case "null":
      return "\0n";
    case "bool":
      return key.value ? "\0bt" : "\0bf";
    case "int":
      return `\0i${key.value}`;
    case "float":
      return `\0f${key.value}`;
  }
}

/** The inverse of `encodeKey`. */
export function decodeKey(key: string): Scalar {
  if (!key.startsWith("\0")) return str(key);
  const text = key.slice(2);
  switch (key[1]) {
    case "n":
      return NULL;
    case "b":
      return { type: "bool", value: text === "t" };
    case "i":
      return { type: "int", value: Number.isSafeInteger(Number(text)) ? Number(text) : BigInt(text) };
    case "f":
      return { type: "float", value: Number(text) };
    default:
      return str(text);
  }
}
