import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { expect, test } from "vitest";
import { shellWord } from "../../src/cli/shell-word.ts";

test("a word of a shell is the text that it was made from, whatever that holds", () => {
  // A command line has no null character.
  const text = fc.string({ unit: "binary-ascii" }).filter((each) => !each.includes("\0"));
  fc.assert(
    fc.property(fc.array(text, { minLength: 1, maxLength: 20 }), (texts) => {
      const script = `printf '%s\\0' ${texts.map(shellWord).join(" ")}`;
      expect(execFileSync("/bin/sh", ["-c", script], { encoding: "utf8" })).toBe(`${texts.join("\0")}\0`);
    }),
    { numRuns: 50 },
  );
});

test("paths without special characters need no quotes", () => {
  expect(shellWord("results/sweeps/2026-01-31_12-00-00")).toBe("results/sweeps/2026-01-31_12-00-00");
  expect(shellWord("results/a b")).toBe("'results/a b'");
});
