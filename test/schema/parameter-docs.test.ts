import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const PROJECT = fileURLToPath(new URL("../../", import.meta.url));

test("docs/parameters.md is what the schemas say", () => {
  const script = `${PROJECT}scripts/write-parameter-docs.js`;
  const { status, stderr } = spawnSync(process.execPath, [script, "--check"], { encoding: "utf8" });
  expect(stderr).toBe("");
  expect(status).toBe(0);
});

test("every parameter has a meaning, and every number of seconds, bytes or watts its unit", () => {
  const rows = readFileSync(`${PROJECT}docs/parameters.md`, "utf8").match(/^\| `.*$/gm) ?? [];
  expect(rows.length).toBeGreaterThan(100);
  for (const row of rows) {
    const [, key, type, , meaning] = row.split(/(?<!\\)\|/).map((cell) => cell.trim());
    expect(meaning, key).not.toBe("");
    if (type !== "number") continue;
    if (/time|delay|spin|submit|finish/.test(key)) expect(meaning, key).toMatch(/seconds/i);
    if (/memory|weights|size/.test(key)) expect(meaning, key).toMatch(/bytes/i);
    if (/power|tdp/.test(key)) expect(meaning, key).toMatch(/watts/i);
  }
});
