import { describe, expect, test } from "vitest";
import { composerFor, configError } from "./helpers.ts";

const FILES = {
  "config.yaml":
    "seed: 0\ntags: [a, b]\napps:\n  - {name: chat, limits: {ttft: 0.5}}\nopts: {x: 1, y: {z: 2}}\nempty: {}\nnothing: null\nrequired: ???\nalias: ${opts}\n",
};

function result(...overrides: string[]): unknown {
  return composerFor(FILES).compose(overrides).unresolved();
}

// Rules of Hydra 1.4; the labels are those of the recorded cases.
describe("what an override changes", () => {
  test.each<[string[], object]>([
    [["opts={x:5}"], { opts: { x: 5, y: { z: 2 } } }],
    [["opts={}"], { opts: { x: 1, y: { z: 2 } } }],
    [["+opts={new:1}"], { opts: { x: 1, y: { z: 2 }, new: 1 } }],
    [["tags=[]"], { tags: [] }],
    [["+tags=[c]"], { tags: ["c"] }],
    [["tags=extend_list(c)", "tags=extend_list(d)"], { tags: ["a", "b", "c", "d"] }],
    [["tags.1=Z"], { tags: ["a", "Z"] }],
    [["+tags.0.x=1"], { tags: [{ x: 1 }, "b"] }],
    [["apps.0.limits.ttft=1"], { apps: [{ name: "chat", limits: { ttft: 1 } }] }],
    [["apps.0={name:x}"], { apps: [{ name: "x", limits: { ttft: 0.5 } }] }],
    [["+seed.x.y=1"], { seed: { x: { y: 1 } } }],
    [["+nothing.a=1"], { nothing: { a: 1 } }],
    [["seed=1", "seed=2"], { seed: 2 }],
    [["~seed", "+seed=5"], { seed: 5 }],
    [["alias.x=7"], { opts: { x: 7, y: { z: 2 } }, alias: "${opts}" }],
    [["alias={x:7}"], { opts: { x: 1, y: { z: 2 } }, alias: { x: 7 } }],
    [["~alias.y"], { opts: { x: 1 } }],
    [["~tags.0", "~tags.0"], { tags: [] }],
  ])("%j", (overrides, expected) => {
    expect(result(...overrides)).toMatchObject(expected);
  });

  test.each([["~opts.y"], ["~opts.y={z:2}"], ["~nothing"], ["~nothing=null"], ["~required"], ["~tags=[a,b]"]])(
    "%s deletes",
    (override) => {
      const key = override.slice(1).split("=")[0]!;
      expect(composerFor(FILES).compose([override]).select(key)).toBeUndefined();
    },
  );
});

describe("what is refused", () => {
  test.each([
    ["new=1", "key_not_in_struct"],
    ["opts={new:1}", "key_not_in_struct"],
    ["seed.x=1", "key_not_in_struct"],
    ["empty.a=1", "key_not_in_struct"],
    ["apps.0.new=1", "key_not_in_struct"],
    ["apps.1.name=x", "override_merge_error"],
    ["+tags.2=c", "override_merge_error"],
    ["tags.x=1", "override_merge_error"],
    ["opts=[1]", "override_merge_error"],
    ["tags={a:1}", "override_merge_error"],
    ["required.x=1", "override_merge_error"],
    ["required=extend_list(1)", "override_merge_error"],
    ["seed=extend_list(1)", "extend_not_list"],
    ["+seed=1", "append_exists"],
    ["~seed=1", "delete_failed"],
    ["~seed=", "delete_failed"],
    ["~seed=null", "delete_failed"],
    ["~tags.7", "delete_failed"],
    ["seed@x=1", "group_override_unknown_group"],
    ["seed='${a b}'", "override_merge_error"],
    ["seed=1,2", "ambiguous_sweep_in_single_run"],
    ["seed=range(3)", "sweep_requires_multirun"],
  ])("%s", (override, label) => {
    expect(configError(() => result(override)).label).toBe(label);
  });
});
