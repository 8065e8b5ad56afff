import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { expect, onTestFinished, test } from "vitest";

const here = path.dirname(fileURLToPath(import.meta.url));
const isBuilt = existsSync(path.resolve(here, "../../dist/config/index.js"));
const skipReason = isBuilt ? "" : " (skipped: run `npm run build` first)";

function run(files: readonly string[]): { status: number | null; lines: string[] } {
  const { status, stdout } = spawnSync(process.execPath, [path.join(here, "run.js"), ...files], { encoding: "utf8" });
  return { status, lines: stdout.trimEnd().split("\n") };
}

function cases(name: string): string {
  return path.join(here, "cases", `${name}.public.jsonl.gz`);
}

test.skipIf(!isBuilt).each(["compose", "grammar", "multirun"])(
  `all recorded %s cases agree with Hydra${skipReason}`,
  (name) => {
    const { status, lines } = run([cases(name)]);
    expect(lines.slice(0, -1)).toEqual([]);
    expect(lines.at(-1)).toMatch(/^\d+ passed, 0 failed$/);
    expect(status).toBe(0);
  },
);

test.skipIf(!isBuilt)(`the runner notices wrong answers${skipReason}`, () => {
  const text = ["compose", "grammar", "multirun"]
    .map((name) => gunzipSync(readFileSync(cases(name))).toString("utf8"))
    .join("");
  const lines = text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
  const byId = (id: string) => structuredClone(lines.find((line) => line.id === id));
  const wrong = [
    Object.assign(byId("c-ov-int"), { id: "wrong-result" }),
    Object.assign(byId("c-ov-int"), { id: "wrong-yaml" }),
    Object.assign(byId("c-ov-unknown"), { id: "wrong-label" }),
    Object.assign(byId("c-def-basic"), { id: "wrong-order" }),
    Object.assign(byId("m-params-order"), { id: "wrong-job" }),
    Object.assign(
      lines.find((line) => line.input === "seed=1,2,3"),
      { id: "wrong-expansion" },
    ),
  ];
  wrong[0].expect.result.seed = 8;
  wrong[1].expect.yaml += " ";
  wrong[2].expect.error_kind = "yaml_error";
  wrong[3].expect.defaults_list.reverse();
  wrong[4].expect.jobs[2].changed["/rate"] = 99;
  wrong[5].expect.multirun = ["seed=1", "seed=3", "seed=2"];
  const directory = mkdtempSync(path.join(tmpdir(), "conformance-test-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const file = path.join(directory, "wrong.jsonl");
  writeFileSync(file, wrong.map((line) => JSON.stringify(line)).join("\n"));
  const { status, lines: printed } = run([file]);
  expect(printed.slice(0, -1).map((line) => line.split(":")[0])).toEqual(wrong.map((line) => line.id));
  expect(status).toBe(1);
});
