import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { builtSchemaNames } from "../../src/schema/built-schemas.ts";
import { sweep, workingDirectory } from "../cli/command.ts";

const PROJECT = fileURLToPath(new URL("../../", import.meta.url));
const PAGE = readFileSync(join(PROJECT, "docs/configuration.md"), "utf8");

test.each([
  ["configuration.md", 12],
  ["traces.md", 10],
  ["results.md", 2],
  ["reports.md", 2],
  ["query.md", 5],
  ["sweeps.md", 3],
  ["compare.md", 3],
  ["latency.md", 8],
  ["profiles.md", 10],
  ["performance-models.md", 3],
  ["distserve.md", 1],
  ["disaggregation.md", 1],
  ["engines.md", 0],
  ["model-swapping.md", 2],
])("the commands of docs/%s work when they are pasted", (page, least) => {
  const text = readFileSync(join(PROJECT, "docs", page), "utf8");
  const commands = (text.replaceAll(/```[\s\S]*?```/g, "").match(/^ {4}\S.*$/gm) ?? []).map((line) => line.trim());
  expect(commands.length).toBeGreaterThan(least);
  const cwd = workingDirectory();
  mkdirSync(join(cwd, "bin"));
  writeFileSync(join(cwd, "bin/npx"), `#!/bin/sh\nshift\nexec "${process.execPath}" "${PROJECT}bin/sweep.js" "$@"\n`);
  chmodSync(join(cwd, "bin/npx"), 0o755);
  const { status, stderr } = spawnSync("bash", ["-eo", "pipefail", "-c", commands.join("\n")], {
    cwd,
    encoding: "utf8",
    env: { ...process.env, PATH: `${join(cwd, "bin")}:${process.env.PATH}`, CI: "true" },
  });
  expect(status, stderr).toBe(0);
});

test("the messages that it shows are those that the command prints", async () => {
  const [, words, shown] = /^\$ npx sweep (.*)\n([\s\S]*?)```/m.exec(PAGE) ?? [];
  const { status, stderr } = await sweep(workingDirectory(), ...words.split(" "));
  expect(status).toBe(2);
  expect(stderr).toBe(shown);
});

test("it names every config group", () => {
  const groups = builtSchemaNames()
    .map((name) => name.replace(".schema.json", ""))
    .filter((name) => !name.includes(".") && name !== "config" && name !== "latency");
  for (const group of groups) expect(PAGE).toMatch(new RegExp(`^\\|.*\`${group}\`.*\\|`, "m"));
});

test.each(["traces.md", "latency.md"])("what docs/%s shows is what the command prints", async (name) => {
  const page = readFileSync(join(PROJECT, "docs", name), "utf8");
  const [, words, shown] = /^\$ npx sweep (.*)\n([\s\S]*?)```/m.exec(page) ?? [];
  expect((await sweep(workingDirectory(), ...words.split(" "))).stdout).toBe(shown);
});

test("what docs/compare.md shows is what its commands print", async () => {
  const page = readFileSync(join(PROJECT, "docs/compare.md"), "utf8");
  const [, shown] = /^```\n([\s\S]*?)```/m.exec(page) ?? [];
  const commands = (page.match(/^ {4}npx sweep .*$/gm) ?? []).map((line) => line.trim().split(" ").slice(2));
  const cwd = workingDirectory();
  for (const words of commands.slice(0, 2)) await sweep(cwd, ...words);
  expect((await sweep(cwd, ...commands[2])).stdout).toBe(shown);
});
