/**
 * From the schema of a composed node to that of a file which contributes to it: a file may leave keys out, say
 * `${...}` or `???` in the place of a value, and have a defaults list.
 */
import type { JsonSchema } from "./json-schema.ts";

const INTERPOLATION: JsonSchema = {
  type: "string",
  pattern: "\\$\\{|^\\?\\?\\?$",
  description: "An interpolation ${...}, or ??? for a value that must be given",
};

const DEFAULTS: JsonSchema = {
  type: "array",
  description: "Defaults list: configs to merge, in order; _self_ stands for this file's own values",
  items: { anyOf: [{ type: "string" }, { type: "object" }] },
};

const MAYBE_INTERPOLATION: JsonSchema = { $ref: "#/definitions/interpolation" };

/** A whole document: files of a config group, or a primary config. */
export function fileSchema(title: string, node: JsonSchema): JsonSchema & { readonly $schema: string } {
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title,
    ...withDefaults(partial(node)),
    definitions: { interpolation: INTERPOLATION },
  };
}

/** The schema of a value inside a file. */
function relaxed(schema: JsonSchema): JsonSchema {
  const inner = partial(schema);
  if (acceptsAnyText(schema)) return inner;
  const { description, ...rest } = inner;
  const branches = rest.anyOf !== undefined && Object.keys(rest).length === 1 ? rest.anyOf : [rest];
  return { ...(description === undefined ? {} : { description }), anyOf: [...branches, MAYBE_INTERPOLATION] };
}

function acceptsAnyText({ type, pattern, enum: values, anyOf, properties }: JsonSchema): boolean {
  if (type === undefined) return values === undefined && anyOf === undefined && properties === undefined;
  return type === "string" && pattern === undefined && values === undefined;
}

/** The schema without required keys, its inner values relaxed. */
function partial({ required: _, ...schema }: JsonSchema): JsonSchema {
  return {
    ...schema,
    ...(schema.anyOf === undefined ? {} : { anyOf: schema.anyOf.map(partial) }),
    ...(schema.items === undefined ? {} : { items: relaxed(schema.items) }),
    ...(schema.properties === undefined ? {} : { properties: mapValues(schema.properties, relaxed) }),
    ...(schema.patternProperties === undefined
      ? {}
      : { patternProperties: mapValues(schema.patternProperties, relaxed) }),
  };
}

function withDefaults(schema: JsonSchema): JsonSchema {
  if (schema.anyOf !== undefined) return { ...schema, anyOf: schema.anyOf.map(withDefaults) };
  if (schema.type !== "object") return schema;
  return { ...schema, properties: { defaults: DEFAULTS, ...schema.properties } };
}

function mapValues(
  record: Readonly<Record<string, JsonSchema>>,
  change: (schema: JsonSchema) => JsonSchema,
): Record<string, JsonSchema> {
  return Object.fromEntries(Object.entries(record).map(([key, schema]) => [key, change(schema)]));
}
