import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { ERROR_CODES } from "../src/errors.ts";

const project = fileURLToPath(new URL("..", import.meta.url));
const sources = readdirSync(join(project, "src"), { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts"))
  .map((name) => readFileSync(join(project, "src", name), "utf8"))
  .join("\n");
const page = readFileSync(join(project, "docs/errors.md"), "utf8");

describe.each(Object.entries(ERROR_CODES))("the error code %s", (code, meaning) => {
  test("is documented with its meaning", () => {
    expect(page).toContain(`| \`${code}\` | ${meaning} |`);
  });

  test("is raised somewhere", () => {
    expect(sources.split(`"${code}"`).length).toBeGreaterThan(1);
  });
});
