// Compiles all schemas into dist/schema/validators.cjs, so that no process pays for it at run time: loading typebox takes
// 150 ms and ajv's compilation about as long, the compiled validators 3 ms. And writes the JSON Schemas for editors to
// dist/schema/json, which the shipped conf files name and `sweep schema` copies.
import { mkdirSync, writeFileSync } from "node:fs";
import { Ajv } from "ajv";
import standaloneCode from "ajv/dist/standalone/index.js";
import { editorSchemas } from "../dist/schema/config-groups.schema.js";
import { schemas } from "../dist/schema/run-config.schema.js";

/** Rewrites unions so that errors name the one branch that is meant: by `_target_`, or by not being null. */
function simplifyUnions(schema) {
  if (Array.isArray(schema)) return schema.map(simplifyUnions);
  if (schema === null || typeof schema !== "object") return schema;
  const simple = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, simplifyUnions(value)]));
  const { anyOf, ...rest } = simple;
  if (anyOf === undefined) return simple;
  if (anyOf.length === 1) return { ...rest, ...anyOf[0] };
  if (anyOf.every((branch) => branch.properties?._target_)) {
    return {
      ...rest,
      type: "object",
      discriminator: { propertyName: "_target_" },
      required: ["_target_"],
      knownTargets: anyOf.flatMap((branch) => branch.properties._target_.enum),
      oneOf: anyOf,
    };
  }
  const [nothing, something] = anyOf;
  if (anyOf.length === 2 && nothing.type === "null") return { ...rest, ...something, type: [something.type, "null"] };
  throw new Error(`no rule for the union ${JSON.stringify(anyOf)}`);
}

const parts = new Map();

/**
 * Replaces every object within a schema by a reference to a schema of its own. Each becomes a function of its own, and V8
 * compiles those that a process calls: loading takes 11 ms instead of 33, the first validation 5 instead of 56.
 */
function separateObjects(schema, isWhole = true) {
  if (schema === null || typeof schema !== "object") return schema;
  if (Array.isArray(schema)) return schema.map((item) => separateObjects(item, false));
  const entries = Object.entries(schema).map(([key, value]) => [key, separateObjects(value, false)]);
  const separated = Object.fromEntries(entries);
  if (isWhole || separated.properties === undefined) return separated;
  const text = JSON.stringify(separated);
  const $id = parts.get(text)?.$id ?? `part-${parts.size}`;
  parts.set(text, { $id, ...separated });
  return { $ref: $id };
}

const ajv = new Ajv({
  allErrors: true,
  verbose: true,
  discriminator: true,
  strict: true,
  strictRequired: false,
  allowUnionTypes: true,
  inlineRefs: false,
  code: { source: true, lines: true },
});
ajv.addKeyword("knownTargets");
const wholes = Object.entries(schemas).map(([$id, schema]) => ({ $id, ...separateObjects(simplifyUnions(schema)) }));
for (const schema of [...parts.values(), ...wholes]) ajv.addSchema(schema);
const code = standaloneCode.default(ajv, Object.fromEntries(Object.keys(schemas).map((name) => [name, name])));
const folder = new URL("../dist/schema/", import.meta.url);
mkdirSync(new URL("json/", folder), { recursive: true });
writeFileSync(new URL("validators.cjs", folder), code);
for (const [name, schema] of editorSchemas()) {
  writeFileSync(new URL(`json/${name}.schema.json`, folder), `${JSON.stringify(schema, null, 1)}\n`);
}
