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
      oneOf: anyOf,
    };
  }
  const [nothing, something] = anyOf;
  if (anyOf.length === 2 && nothing.type === "null") return { ...rest, ...something, type: [something.type, "null"] };
  throw new Error(`no rule for the union ${JSON.stringify(anyOf)}`);
}

const ajv = new Ajv({
  allErrors: true,
  verbose: true,
  discriminator: true,
  strict: true,
  strictRequired: false,
  allowUnionTypes: true,
  code: { source: true, lines: true },
});
for (const [name, schema] of Object.entries(schemas)) ajv.addSchema(simplifyUnions(schema), name);
const code = standaloneCode.default(ajv, Object.fromEntries(Object.keys(schemas).map((name) => [name, name])));
const folder = new URL("../dist/schema/", import.meta.url);
mkdirSync(new URL("json/", folder), { recursive: true });
writeFileSync(new URL("validators.cjs", folder), code);
for (const [name, schema] of editorSchemas()) {
  writeFileSync(new URL(`json/${name}.schema.json`, folder), `${JSON.stringify(schema, null, 1)}\n`);
}
