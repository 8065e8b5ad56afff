import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import { readYaml } from "../../src/config/index.ts";
import { builtSchema } from "../../src/schema/built-schemas.ts";

const PROJECT = fileURLToPath(new URL("../../", import.meta.url));
const COMMENT = /^# yaml-language-server: \$schema=(\S+)$/m;

const ajv = new Ajv({ strict: false, allErrors: true });

function yamlFilesBelow(folder: string): string[] {
  return readdirSync(join(PROJECT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".yaml"))
    .map((entry) => relative(PROJECT, join(entry.parentPath, entry.name)))
    .sort();
}

function mistakes(schema: object, text: string): string[] {
  const validate = ajv.compile(schema);
  validate(readYaml(text, "file.yaml").value);
  return (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
}

describe.each([...yamlFilesBelow("conf"), ...yamlFilesBelow("experiments")])("%s", (file) => {
  const text = readFileSync(join(PROJECT, file), "utf8");

  test("names the schema of its group for editors, and keeps to it", () => {
    const path = COMMENT.exec(text)?.[1];
    const schemaFile = resolve(PROJECT, dirname(file), path ?? "no comment");
    const [folder, ...rest] = file.split("/");
    const group = folder === "experiments" ? "experiment" : rest.slice(0, -1).join(".") || basename(file, ".yaml");
    // A repository of another system's items has the schema of ours.
    const schema = group.replace(/\.\w+_(processors|skus)$/, ".$1");
    expect(relative(PROJECT, schemaFile)).toBe(`dist/schema/json/${schema}.schema.json`);
    expect(existsSync(schemaFile)).toBe(true);
    expect(mistakes(JSON.parse(readFileSync(schemaFile, "utf8")), text)).toEqual([]);
  });

  // Hydra reads the header only in the first comment line (specification of packages).
  test("has its package header, if any, in the first line", () => {
    expect(text.split("\n").findIndex((line) => line.startsWith("# @package"))).toBeLessThan(1);
  });
});

describe("the schema of a group's files", () => {
  test.each([
    ["cluster", "servers:\n  - {sku: dgx-h100, count: '${sweep}'}\n"],
    ["cluster", "defaults: [half_half, _self_]\npower_budget: ???\n"],
    ["trace", "defaults: [azure_conv, _self_]\nrate: 7\n"],
    ["trace", "_target_: traces.Generated\nrate: ${eval:'2 * ${scale}'}\nrequests: null\n"],
    ["engine", "admission: ${mode}\n"],
    ["start_state", "instance: {max_batch_size: 4}\nprompt: ${start_state.instance}\n"],
    ["scheduler", "_target_: schedulers.MixedPool\ntransfer_bandwidth: 100\n"],
    ["config", "defaults: [{cluster: half_half}]\nfree_variable: 1\nhydra: {sweeper: {params: {seed: '1,2'}}}\n"],
    ["compat", "name: none\n"],
  ])("%s allows a partial file, a defaults list and interpolations: %s", (group, text) => {
    expect(mistakes(builtSchema(group), text)).toEqual([]);
  });

  test.each([
    ["a misspelt key", "cluster", "power_budgt: 3\n"],
    ["a key of another component", "scheduler", "_target_: schedulers.Jsq\ntransfer_bandwidth: 100\n"],
    ["an unknown component", "scheduler", "_target_: schedulers.Jqs\n"],
    ["a text for a number", "trace", "_target_: traces.Generated\nrate: fast\n"],
    ["a value that is not offered", "engine", "admission: requests\n"],
    ["a number out of range", "start_state", "instance: {max_batch_size: 0}\n"],
    ["a mistake deep in a primary config", "config", "engine: {admission: 3}\n"],
    ["a scalar for a mapping", "config", "cluster: dgx-h100\n"],
  ])("refuses %s", (_title, group, text) => {
    expect(mistakes(builtSchema(group), text)).not.toEqual([]);
  });
});
