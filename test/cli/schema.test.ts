import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { builtSchema, builtSchemaNames } from "../../src/schema/built-schemas.ts";
import { editorSchemas } from "../../src/schema/config-groups.schema.ts";
import { filesBelow, sweep, workingDirectory } from "./command.ts";

test("sweep schema writes a schema per config group, and one for primary configs", async () => {
  const cwd = workingDirectory();
  const { status, stdout } = await sweep(cwd, "schema", "--out", "my/schemas");
  expect(status).toBe(0);
  expect([...filesBelow(join(cwd, "my/schemas")).keys()]).toEqual(builtSchemaNames());
  expect(stdout.trimEnd().split("\n")).toEqual(builtSchemaNames().map((name) => `my/schemas/${name}`));
  const cluster = JSON.parse(readFileSync(join(cwd, "my/schemas/cluster.schema.json"), "utf8"));
  expect(cluster.properties.servers.anyOf[0].items.anyOf[0].properties.count).toMatchObject({
    description: "Servers of this SKU",
  });
});

test("the built schemas are those of the sources", () => {
  for (const [group, schema] of editorSchemas()) expect(builtSchema(group)).toEqual(schema);
});

test("without --out the command says what it expects", async () => {
  const { status, stderr } = await sweep(workingDirectory(), "schema");
  expect(status).toBe(2);
  expect(stderr).toContain("--out");
});

test("a folder that cannot be written to is an error of the user's", async () => {
  const cwd = workingDirectory();
  writeFileSync(join(cwd, "taken"), "");
  const { status, stderr } = await sweep(cwd, "schema", "--out", "taken");
  expect(status).toBe(2);
  expect(stderr).toContain("Cannot write to 'taken'");
});
