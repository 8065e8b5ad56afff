/**
 * Types of the built-in `hydra` node. Everything a user writes himself is untyped (`any`); the built-in node
 * rejects unknown keys and values of the wrong type, and converts what converts without loss.
 */
export type ValueType =
  | { readonly kind: "any" }
  | { readonly kind: "str" | "int" | "bool"; readonly optional: boolean }
  /** Text in a mapping of texts: other scalars become text, containers stay. */
  | { readonly kind: "text_or_container" }
  | { readonly kind: "enum"; readonly names: readonly string[]; readonly optional: boolean }
  | { readonly kind: "list"; readonly element: ValueType; readonly optional: boolean }
  | { readonly kind: "map"; readonly map: MapType; readonly optional: boolean };

/** Type of a mapping: its declared keys, and what any other key may hold (`undefined`: no other key allowed). */
export interface MapType {
  readonly name: string;
  readonly fields: ReadonlyMap<string, ValueType>;
  readonly other: ValueType | undefined;
}

export const ANY: ValueType = { kind: "any" };

/** The type of every mapping that a user writes. */
export const MAP_OF_ANY: MapType = { name: "dict", fields: new Map(), other: ANY };

export function fieldType(type: MapType, key: string): ValueType | undefined {
  if (type === MAP_OF_ANY) return ANY;
  return type.fields.get(key) ?? type.other;
}
