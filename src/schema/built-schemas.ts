/** The JSON Schemas for editors, as the build wrote them: loading what they are made from costs 150 ms. */
import { readdirSync, readFileSync } from "node:fs";
import type { JsonSchema } from "./json-schema.ts";

// Tests run the sources, and find the build beside them.
const FOLDER = new URL(
  import.meta.url.endsWith(".ts") ? "../../dist/schema/json/" : "../schema/json/",
  import.meta.url,
);

/** File names, such as `cluster.schema.json`, in order. */
export function builtSchemaNames(): string[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith(".schema.json"))
    .sort();
}

export function builtSchemaText(fileName: string): string {
  return readFileSync(new URL(fileName, FOLDER), "utf8");
}

/** The schema of a config group's files, or of a primary config (`config`). */
export function builtSchema(group: string): JsonSchema {
  return JSON.parse(builtSchemaText(`${group.replaceAll("/", ".")}.schema.json`));
}
