/** Fits a value into a typed place of the `hydra` node, converting what converts without loss. */
import { toInt } from "../override/python-numbers.ts";
import { pythonStr } from "../values/python-text.ts";
import { bool, type Scalar, str } from "../values/scalar.ts";
import { type ConfigNode, isMissingNode, isNullNode, listNode, type MapNode, mapNode, scalarNode } from "./node.ts";
import { fieldType, type MapType, type ValueType } from "./node-type.ts";
import { joinPath, keyText } from "./path.ts";
import { TreeProblem } from "./problem.ts";

/**
 * @throws {TreeProblem} `invalid_value` or `key_not_in_type`.
 */
export function coerce(node: ConfigNode, type: ValueType, path: string): ConfigNode {
  if (type.kind === "any") return node;
  // Interpolations are checked when they are resolved; a missing value fits everywhere.
  if (isMissingNode(node) || (node.kind === "scalar" && node.expression !== undefined)) return node;
  if (isNullNode(node)) {
    if (type.kind === "text_or_container" || !type.optional)
      throw new TreeProblem("invalid_value", path, `'${path}' cannot be null`);
    return node;
  }
  switch (type.kind) {
    case "text_or_container":
      if (node.kind !== "scalar" || node.value.type === "str") return node;
      return scalarNode(str(pythonStr(node.value)), node.origin);
    case "map":
      if (node.kind !== "map") throw invalid(node, path, "a mapping");
      return coerceMap(node, type.map, path);
    case "list":
      if (node.kind !== "list") throw invalid(node, path, "a list");
      return listNode(
        node.items.map((item, index) => coerce(item, type.element, joinPath(path, index))),
        node.origin,
        type.element,
      );
    default: {
      if (node.kind !== "scalar") throw invalid(node, path, type.kind === "enum" ? type.names.join(" or ") : type.kind);
      const value = coerceScalar(node.value, type, path);
      return value === node.value ? node : scalarNode(value, node.origin);
    }
  }
}

function coerceMap(node: MapNode, type: MapType, path: string): MapNode {
  const entries = new Map<string, ConfigNode>();
  for (const [key, child] of node.entries) {
    entries.set(key, coerce(child, requireField(type, key, path), joinPath(path, keyText(key))));
  }
  return mapNode(entries, node.origin, type);
}

/** @throws {TreeProblem} `key_not_in_type` when the type has no such key. */
export function requireField(type: MapType, key: string, path: string): ValueType {
  const found = fieldType(type, key);
  if (found !== undefined) return found;
  const place = joinPath(path, keyText(key));
  throw new TreeProblem("key_not_in_type", place, `'${place}' is not a key of ${type.name}`, [...type.fields.keys()]);
}

function coerceScalar(
  value: Scalar,
  type: Exclude<ValueType, { kind: "any" | "list" | "map" | "text_or_container" }>,
  path: string,
): Scalar {
  switch (type.kind) {
    case "str":
      return value.type === "str" ? value : str(pythonStr(value));
    case "int": {
      const converted = value.type === "float" || value.type === "bool" ? undefined : toInt(value);
      if (converted === undefined) throw invalidScalar(value, path, "an integer");
      return converted;
    }
    case "bool": {
      const converted = toBoolLoosely(value);
      if (converted === undefined) throw invalidScalar(value, path, "true or false");
      return converted;
    }
    case "enum": {
      const name = value.type === "str" ? value.value : undefined;
      if (name === undefined || !type.names.includes(name)) throw invalidScalar(value, path, type.names.join(" or "));
      return value;
    }
  }
}

/** Any integer, and the words that YAML 1.1 takes for booleans. */
function toBoolLoosely(value: Scalar): Scalar | undefined {
  if (value.type === "bool") return value;
  if (value.type === "int") return bool(BigInt(value.value) !== 0n);
  if (value.type !== "str") return undefined;
  const lower = value.value.toLowerCase();
  if (["yes", "y", "on", "true", "1"].includes(lower)) return bool(true);
  return ["no", "n", "off", "false", "0"].includes(lower) ? bool(false) : undefined;
}

function invalid(node: ConfigNode, path: string, expected: string): TreeProblem {
  if (node.kind === "scalar") return invalidScalar(node.value, path, expected);
  return new TreeProblem("invalid_value", path, `'${path}' is a ${node.kind}; expected ${expected}`);
}

function invalidScalar(value: Scalar, path: string, expected: string): TreeProblem {
  return new TreeProblem("invalid_value", path, `'${path}' is '${pythonStr(value)}'; expected ${expected}`);
}
