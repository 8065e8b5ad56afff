// Compiles all schemas into dist/schema/validators.cjs, so that no process pays for it at run time: loading typebox takes
// 150 ms and ajv's compilation about as long, the compiled validators 3 ms.
import { mkdirSync, writeFileSync } from "node:fs";
import { Ajv } from "ajv";
import standaloneCode from "ajv/dist/standalone/index.js";
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
mkdirSync(new URL("../dist/schema/", import.meta.url), { recursive: true });
writeFileSync(new URL("../dist/schema/validators.cjs", import.meta.url), code);
