import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { builtSchemaNames } from "../../src/schema/built-schemas.ts";
import { sweep, workingDirectory } from "../cli/command.ts";

const PROJECT = fileURLToPath(new URL("../../", import.meta.url));
const PAGE = readFileSync(join(PROJECT, "docs/configuration.md"), "utf8");

/** The indented lines. */
function commandsOf(page: string): string[] {
  return (page.replaceAll(/```[\s\S]*?```/g, "").match(/^ {4}\S.*$/gm) ?? []).map((line) => line.trim());
}

/** Runs the commands in a shell, in a folder of their own, where `npx sweep` is this project's command. */
function pasted(commands: readonly string[]) {
  const cwd = workingDirectory();
  mkdirSync(join(cwd, "bin"));
  writeFileSync(join(cwd, "bin/npx"), `#!/bin/sh\nshift\nexec "${process.execPath}" "${PROJECT}bin/sweep.js" "$@"\n`);
  chmodSync(join(cwd, "bin/npx"), 0o755);
  return spawnSync("bash", ["-eo", "pipefail", "-c", commands.join("\n")], {
    cwd,
    encoding: "utf8",
    env: { ...process.env, PATH: `${join(cwd, "bin")}:${process.env.PATH}`, CI: "true" },
  });
}

test.each([
  ["configuration.md", 12],
  ["traces.md", 10],
  ["results.md", 2],
  ["reports.md", 2],
  ["query.md", 5],
  ["timeline.md", 6],
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
  const commands = commandsOf(readFileSync(join(PROJECT, "docs", page), "utf8"));
  expect(commands.length).toBeGreaterThan(least);
  const { status, stderr } = pasted(commands);
  expect(status, stderr).toBe(0);
});

const AZURE_TRACE = "AzureLLMInferenceTrace_conv.csv";

test("the README's commands work when they are pasted", () => {
  const commands = commandsOf(readFileSync(join(PROJECT, "README.md"), "utf8")).filter((line) =>
    line.startsWith("npx sweep"),
  );
  const recorded = join(PROJECT, "../shared/data/traces", AZURE_TRACE);
  const isRecorded = existsSync(recorded);
  if (!isRecorded) console.warn(`without ${AZURE_TRACE}, which users download, its command is left out`);
  const link = `ln -s "${recorded}" ${AZURE_TRACE}`;
  const { status, stderr } = pasted(
    isRecorded ? [link, ...commands] : commands.filter((line) => !line.includes(AZURE_TRACE)),
  );
  expect(commands.length).toBeGreaterThan(7);
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

test.each([
  ["compare.md", 3],
  ["query.md", 2],
])("what docs/%s shows is what the last of its first %i commands prints", (name, count) => {
  const page = readFileSync(join(PROJECT, "docs", name), "utf8");
  const [, shown] = /^```(?:text)?\n([\s\S]*?)```/m.exec(page) ?? [];
  const commands = commandsOf(page).slice(0, count);
  const silenced = commands.map((command, index) =>
    index < count - 1 ? `${command} >/dev/null` : `${command} || true`,
  );
  expect(pasted(silenced).stdout).toBe(shown);
});
