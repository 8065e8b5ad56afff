import { describe, expect, test } from "vitest";
import type { ConfigError } from "../../src/errors.ts";
import { composerFor, configError, type Files } from "./helpers.ts";

const FILES: Files = {
  "config.yaml":
    "defaults:\n  - cluster: half\n  - scheduler: token_jsq\n  - _self_\nseed: 0\napplications:\n  - {scheduler: x}\n",
  "cluster/half.yaml": "n: 1\nservers: [{count: 1}]\n",
  "cluster/full.yaml": "n: 2\n",
  "scheduler/token_jsq.yaml": "name: token_jsq\n",
  "scheduler/mixed_pool.yaml": "name: mixed_pool\n",
};

function failure(overrides: readonly string[], files: Files = FILES): ConfigError {
  return configError(() => composerFor(files).compose(overrides));
}

describe("suggestions", () => {
  test.each([
    ["scheduler=tokenjsq", "config_not_found", "token_jsq"],
    ["clutser=full", "key_not_in_struct", "cluster"],
    ["seeed=1", "key_not_in_struct", "seed"],
    ["cluster.servres.0.count=1", "key_not_in_struct", "servers"],
    ["applications.0.schedular=x", "key_not_in_struct", "scheduler"],
    ["~sede", "delete_failed", "seed"],
    ["cluster=7", "bad_group_override_value", "Quote"],
    ["cluster@x=full", "group_override_no_match", "cluster"],
    ["+seed=1", "append_exists", "++seed=1"],
  ])("%s", (override, label, suggestion) => {
    const error = failure([override]);
    expect(error.label).toBe(label);
    expect(`${error.message} ${error.hint}`).toContain(suggestion);
  });

  test("a group that the defaults list lacks is suggested, too", () => {
    const files = { ...FILES, "swapping/pool.yaml": "size: 1\n" };
    expect(failure(["swaping=pool"], files).hint).toBe("Did you mean 'swapping'? To add a new key write +swaping=pool");
  });

  test("a new key that looks like a misspelt choice of a group is warned of", () => {
    const files = { ...FILES, "swapping/pool.yaml": "size: 1\n" };
    const warningsOf = (override: string) => composerFor(files).compose([override]).warnings;
    expect(warningsOf("+swaping=pool")).toEqual([
      "'+swaping=pool' adds a key of its own. To choose an option of the group 'swapping': +swapping=pool",
    ]);
    expect(warningsOf("+swaping=puddle")).toEqual([]);
    expect(warningsOf("+note=pool")).toEqual([]);
  });

  test("a misspelt group in a defaults list names the nearest group", () => {
    const error = failure([], { ...FILES, "config.yaml": "defaults:\n  - clutser: half\n" });
    expect(error.label).toBe("config_not_found");
    expect(error.hint).toContain("cluster");
  });
});

describe("positions", () => {
  test.each<[string, Files, number, number]>([
    ["config_not_found", { "config.yaml": "a: 1\ndefaults:\n  - cluster: nope\n" }, 3, 5],
    ["bad_defaults_list", { "config.yaml": "defaults:\n  - cluster: half\n    scheduler: x\n" }, 2, 5],
    ["defaults_override_no_match", { "config.yaml": "defaults:\n  - _self_\n  - override router: x\n" }, 3, 5],
    ["duplicate_self", { "config.yaml": "defaults: [_self_, _self_]\n" }, 1, 20],
    ["bad_default_path", { "config.yaml": "defaults:\n  - ../secret\n" }, 2, 5],
    ["compose_merge_error", { "config.yaml": "hydra:\n  launcher:\n    workers: 3\n" }, 3, 14],
    ["bad_package_header", { "config.yaml": "\n# @package a b\nx: 1\n" }, 2, 1],
  ])("%s says where", (label, files, line, column) => {
    const error = failure([], { ...FILES, ...files });
    expect([error.label, error.position.line, error.position.column]).toEqual([label, line, column]);
    expect(error.position.file).toContain("config.yaml");
  });

  test("an unresolvable interpolation says which key and where it was written", () => {
    const composition = composerFor({ "config.yaml": "a:\n  b: ${sede}\nseed: 0\n" }).compose([]);
    const error = configError(() => composition.resolved());
    expect(error).toMatchObject({ label: "omegaconf:InterpolationKeyError", path: "a.b" });
    expect(error.position).toMatchObject({ line: 2, column: 6 });
    expect(error.hint).toContain("seed");
  });
});

describe("several mistakes", () => {
  test("all overrides that do not parse are reported", () => {
    let error: unknown;
    try {
      composerFor({ "config.yaml": "seed: 0\n" }).compose(["note=a=b", "seed=1", "x=[1"]);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toMatchObject({ text: "note=a=b", column: 6, others: [{ text: "x=[1", column: 4 }] });
  });

  test("all wrong values are reported, the first one first", () => {
    const error = failure(["seeed=1", "seed=2", "cluster.m=3", "~nothing"]);
    expect([error, ...error.others].map((each) => (each as ConfigError).label)).toEqual([
      "key_not_in_struct",
      "key_not_in_struct",
      "delete_failed",
    ]);
  });

  test("all missing options are reported", () => {
    const error = failure(["cluster=a", "scheduler=b"]);
    expect([error, ...error.others].map((each) => (each as ConfigError).label)).toEqual([
      "config_not_found",
      "config_not_found",
    ]);
  });

  test("all choices that match nothing are reported", () => {
    const error = failure(["cluster@x=full", "scheduler@y=mixed_pool"]);
    expect([error, ...error.others]).toHaveLength(2);
  });
});

describe("bounded work", () => {
  test("configs that include each other end in an error that shows the circle", () => {
    const error = failure([], {
      "config.yaml": "defaults: [one]\n",
      "one.yaml": "defaults: [two]\n",
      "two.yaml": "defaults: [one]\n",
    });
    expect(error.label).toBe("defaults_cycle");
    expect(error.message).toContain("one -> two");
  });

  test.each([
    ["a: ${b}\nb: ${a}\n", "a"],
    ["a: {b: '${a}'}\n", "a.b"],
    ["a: ${.a}\n", "a"],
    ["l: ['${l}']\n", "l.0"],
  ])("an interpolation that leads to itself is refused: %j", (text) => {
    const composition = composerFor({ "config.yaml": text }).compose([]);
    expect(configError(() => composition.resolved()).label).toBe("omegaconf:InterpolationResolutionError");
  });

  test("interpolations that double each other's text are stopped", () => {
    const lines = Array.from({ length: 40 }, (_, i) => `t${i + 1}: \${t${i}}\${t${i}}`);
    const composition = composerFor({ "config.yaml": `t0: xx\n${lines.join("\n")}\n` }).compose([]);
    expect(configError(() => composition.select("t40")).message).toContain("too much text");
  });

  test("interpolations that double each other's mappings are stopped", () => {
    const lines = Array.from({ length: 40 }, (_, i) => `m${i + 1}: {x: '\${m${i}}', y: '\${m${i}}'}`);
    const composition = composerFor({ "config.yaml": `m0: {v: '\${seed}'}\nseed: 0\n${lines.join("\n")}\n` }).compose(
      [],
    );
    expect(configError(() => composition.select("m40")).label).toBe("too_large");
  });

  test("a key with a thousand parts is refused", () => {
    expect(failure([`+${Array(1000).fill("a").join(".")}=1`]).label).toBe("override_merge_error");
  });

  test("nothing outside the search path is read", () => {
    for (const override of ["cluster=../../config", "cluster=..", "+cluster=[../x]"]) {
      expect(failure([override]).label).toBe("bad_default_path");
    }
    expect(failure(["cluster=/etc/passwd"]).label).toBe("config_not_found");
  });
});
