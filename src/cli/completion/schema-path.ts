/** Looks up keys of a configuration in the schema of primary configs. */
import type { ConfigNode } from "../../config/index.ts";
import { builtSchema } from "../../schema/built-schemas.ts";
import type { JsonSchema } from "../../schema/json-schema.ts";
import { childAt } from "./config-path.ts";

/**
 * All schemas that a value at this path of a configuration may have; none if the schema does not know the path. Of the
 * components that a node may be, the one that its `_target_` names counts.
 */
export function schemasAt(root: ConfigNode, path: readonly string[]): JsonSchema[] {
  let node: ConfigNode | undefined = root;
  let schemas = alternatives(builtSchema("config"));
  for (const part of path) {
    node = node === undefined ? undefined : childAt(node, part);
    const target = node === undefined ? undefined : targetOf(node);
    schemas = schemas
      .flatMap((schema) => childrenAt(schema, part))
      .flatMap(alternatives)
      .filter(({ properties }) => target === undefined || mayBe(properties?._target_, target));
  }
  return schemas;
}

function targetOf(node: ConfigNode): string | undefined {
  const target = childAt(node, "_target_");
  return target?.kind === "scalar" && target.value.type === "str" ? target.value.value : undefined;
}

/** Whether a key with this schema, if there is one, may have the value. */
function mayBe(schema: JsonSchema | undefined, value: string): boolean {
  return schema === undefined || alternatives(schema).some((branch) => branch.enum?.includes(value) ?? false);
}

/** Values that the schemas list: of enums, `true` and `false`, and null where that is allowed. */
export function listedValues(schemas: readonly JsonSchema[]): string[] {
  return schemas.flatMap((schema) => {
    if (schema.enum !== undefined) return schema.enum.map(String);
    const types = [schema.type].flat();
    return [...(types.includes("boolean") ? ["true", "false"] : []), ...(types.includes("null") ? ["null"] : [])];
  });
}

/** Whether values of the schema have keys of their own; a list of scalars is written as one value. */
export function isContainer(schema: JsonSchema): boolean {
  return alternatives(schema).some(
    ({ type, items }) => type === "object" || (type === "array" && (items === undefined || isContainer(items))),
  );
}

function childrenAt({ properties, patternProperties, items }: JsonSchema, part: string): JsonSchema[] {
  if (items !== undefined) return /^\d+$/.test(part) ? [items] : [];
  if (properties !== undefined && Object.hasOwn(properties, part)) return [properties[part]];
  return Object.values(patternProperties ?? {});
}

function alternatives(schema: JsonSchema): JsonSchema[] {
  return schema.anyOf === undefined ? [schema] : schema.anyOf.flatMap(alternatives);
}
