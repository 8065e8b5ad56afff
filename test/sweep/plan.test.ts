import { existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SweepError } from "../../src/errors.ts";
import { checkPlan, formatPlan, type PlanEntry, parsePlan, type SweepPlan } from "../../src/sweep/plan.ts";
import { createSweep, outputDirOf, readPlan } from "../../src/sweep/sweep-directory.ts";
import { sweptKeysOf } from "../../src/sweep/swept-keys.ts";
import { filesBelow, temporaryDirectory } from "../results/temporary-directory.ts";

function planWith(...subdirs: string[]): SweepPlan {
  const entries = subdirs.map(
    (subdir, number): PlanEntry => ({ number, runId: `r${number}`, subdir, overrides: [`a=${number}`] }),
  );
  return { createdBy: "test", resultFormatVersion: 1, sweptKeys: ["a"], context: null, entries };
}

describe("a plan", () => {
  it("reads back as it was written", () => {
    const plans = fc
      .uniqueArray(fc.integer({ min: 0, max: 1000 }), { maxLength: 20 })
      .map((numbers) => numbers.sort((a, b) => a - b))
      .chain((numbers) =>
        fc.record({
          createdBy: fc.string(),
          resultFormatVersion: fc.integer({ min: 1 }),
          sweptKeys: fc.array(fc.string()),
          context: fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value))),
          entries: fc.tuple(
            ...numbers.map((number) =>
              fc.record({
                number: fc.constant(number),
                runId: fc.string(),
                subdir: fc.constant(`runs/${number}`),
                overrides: fc.array(fc.string({ unit: "binary" })),
              }),
            ),
          ),
        }),
      );
    fc.assert(
      fc.property(plans, (plan) => {
        expect(parsePlan(formatPlan(plan), "plan.jsonl")).toEqual(plan);
      }),
    );
  });

  it.each([
    "../outside",
    "/absolute",
    "a/../../b",
    "",
    ".",
    "plan.jsonl",
    "runs.csv/x",
    "journal.jsonl",
    "sweep.lock.1",
  ])("refuses the run directory %j", (subdir) => {
    expect(() => checkPlan(planWith("ok", subdir))).toThrow(/run 1 would write to '.*', expected a directory below/);
  });

  it("refuses two runs with one directory, naming both and the keys", () => {
    expect(() => checkPlan(planWith("x", "y", "x"))).toThrow("runs 0 and 2 would both write to 'x'");
    try {
      checkPlan(planWith("x", "x"));
    } catch (error) {
      expect((error as SweepError).hint).toContain("(a)");
    }
  });

  it("refuses a run inside the directory of another one", () => {
    expect(() => checkPlan(planWith("x/y", "x"))).toThrow("run 0 would write to 'x/y', inside 'x' of run 1");
    checkPlan(planWith("x/y", "x/z", "xy"));
  });

  it.each([
    ["cut in the middle of a line", (text: string) => text.slice(0, -5), "plan.jsonl:3: the last line does not end"],
    [
      "cut after a line",
      (text: string) => text.split("\n").slice(0, 2).join("\n").concat("\n"),
      "promises 2 runs, found 1",
    ],
    [
      "without JSON",
      (text: string) => text.replace('{"number":1', "{number:1"),
      "plan.jsonl:3: expected a JSON object",
    ],
    [
      "of another version",
      (text: string) => text.replace('"formatVersion":2', '"formatVersion":9'),
      "version 9, expected 2",
    ],
    [
      "with a malformed run",
      (text: string) => text.replace('"runId":"r1"', '"runId":1'),
      "plan.jsonl:3: malformed run",
    ],
    ["leaving the sweep", (text: string) => text.replace('"subdir":"1"', '"subdir":"../1"'), "would write to '../1'"],
    ["of nothing", () => "", "plan.jsonl:1:"],
  ])("is refused with its line when it is %s", (_, change, message) => {
    const text = change(formatPlan(planWith("0", "1")));
    expect(() => parsePlan(text, "plan.jsonl")).toThrow(message);
    expect(() => parsePlan(text, "plan.jsonl")).toThrow(SweepError);
  });
});

describe("a sweep's directory", () => {
  it("appears together with its plan", () => {
    const directory = temporaryDirectory();
    const sweepDir = join(directory, "a/b");
    createSweep(sweepDir, planWith("0"), new Map([["multirun.yaml", "x: 1\n"]]));
    expect(Object.keys(filesBelow(directory))).toEqual(["a/b/multirun.yaml", "a/b/plan.jsonl"]);
    expect(readPlan(sweepDir).entries).toEqual(planWith("0").entries);
    expect(outputDirOf(sweepDir, planWith("x/y").entries[0])).toBe(join(sweepDir, "x/y"));
  });

  it("removes what a kill left of another one that was being made, unless that may still go on", () => {
    const directory = temporaryDirectory();
    const [old, recent] = ["0", "1"].map((digit) => join(directory, `.servesweep-tmp-${digit.repeat(16)}`));
    for (const leftover of [old, recent]) {
      mkdirSync(leftover);
      writeFileSync(join(leftover, "multirun.yaml"), "half");
    }
    const twoHoursAgo = Date.now() / 1000 - 7200;
    utimesSync(old, twoHoursAgo, twoHoursAgo);
    createSweep(join(directory, "sweep"), planWith("0"));
    expect(readdirSync(directory).sort()).toEqual([basename(recent), "sweep"]);
  });

  it("is not made for a plan that cannot be kept", () => {
    const directory = temporaryDirectory();
    expect(() => createSweep(join(directory, "sweep"), planWith("x", "x"))).toThrow(SweepError);
    expect(readdirSync(directory)).toEqual([]);
  });

  it("is refused if it holds a sweep already, with the way to resume it", () => {
    const sweepDir = join(temporaryDirectory(), "sweep");
    createSweep(sweepDir, planWith("0"));
    const before = readFileSync(join(sweepDir, "plan.jsonl"), "utf8");
    try {
      createSweep(sweepDir, planWith("0", "1"));
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ code: "SWEEP", hint: expect.stringContaining(`--resume ${sweepDir}`) });
    }
    expect(readFileSync(join(sweepDir, "plan.jsonl"), "utf8")).toBe(before);
  });

  it("keeps what else is in an existing directory", () => {
    const sweepDir = temporaryDirectory();
    mkdirSync(join(sweepDir, "mine"));
    writeFileSync(join(sweepDir, "mine/x"), "mine");
    createSweep(sweepDir, planWith("0"), new Map([["multirun.yaml", "x: 1\n"]]));
    expect(Object.keys(filesBelow(sweepDir))).toEqual(["mine/x", "multirun.yaml", "plan.jsonl"]);
  });

  it("without a plan is no sweep", () => {
    const directory = temporaryDirectory();
    expect(() => readPlan(directory)).toThrow(`'${directory}' holds no sweep`);
    expect(() => readPlan(join(directory, "absent"))).toThrow(SweepError);
    expect(existsSync(join(directory, "absent"))).toBe(false);
  });

  it("whose parent is a file is reported as such", () => {
    const file = join(temporaryDirectory(), "file");
    writeFileSync(file, "");
    expect(() => createSweep(join(file, "sweep"), planWith("0"))).toThrow(SweepError);
  });
});

describe("the swept keys", () => {
  it("are those whose values differ, without signs, in order of appearance", () => {
    expect(
      sweptKeysOf([
        ["seed=0", "+x.y=[1,2]", "cluster=a", "~db"],
        ["seed=1", "+x.y=[1,2]", "cluster=b=c", "~db"],
      ]),
    ).toEqual(["seed", "cluster"]);
    expect(sweptKeysOf([["a=1"], ["b=1"]])).toEqual(["a", "b"]);
    expect(sweptKeysOf([["a=1"]])).toEqual([]);
    expect(sweptKeysOf([])).toEqual([]);
  });
});
