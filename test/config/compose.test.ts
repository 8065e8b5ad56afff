import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Composer, SourceCache } from "../../src/config/index.ts";
import { composerFor, configError, directoryWith } from "./helpers.ts";

const FILES = {
  "config.yaml":
    "defaults:\n  - cluster: half\n  - router: noop\n  - _self_\nseed: 0\nrates: [1, 2]\npath: runs/${seed}/${cluster.name}\n",
  "cluster/half.yaml": "name: half\nservers:\n  - {sku: a, count: 1}\n  - {sku: h, count: 1}\n",
  "cluster/full.yaml": "name: full\nservers:\n  - {sku: h, count: 2}\n",
  "router/noop.yaml": "overheads: {delay: 0}\n",
  "router/kv.yaml": "overheads: {delay: 0.5}\n",
  "experiment/big.yaml": "# @package _global_\ndefaults:\n  - override /cluster: full\n  - _self_\nseed: 9\n",
};

describe("composition", () => {
  test("choices, values and experiments come together as on Hydra's command line", () => {
    const composition = composerFor(FILES).compose(["+experiment=big", "router=kv", "cluster.servers.0.count=5"]);
    expect(composition.resolved()).toEqual({
      cluster: { name: "full", servers: [{ sku: "h", count: 5 }] },
      router: { overheads: { delay: 0.5 } },
      seed: 9,
      rates: [1, 2],
      path: "runs/9/full",
    });
    expect([...composition.choices]).toEqual([
      ["experiment", "big"],
      ["router", "kv"],
      ["cluster", "full"],
    ]);
    expect(composition.overrideDirname).toBe("+experiment=big,cluster.servers.0.count=5,router=kv");
  });

  test("each leaf knows its file and line, or its override", () => {
    const composition = composerFor(FILES).compose(["seed=3"]);
    expect(composition.originOf("cluster.servers.1.count")).toMatchObject({ kind: "file", line: 4, column: 21 });
    expect(composition.originOf("seed")).toEqual({ kind: "override", text: "seed=3", index: 0 });
    expect([...composition.origins()].map(([path]) => path)).toContain("cluster.servers.0.sku");
  });

  test("a composition does not change one made before it", () => {
    const composer = composerFor(FILES);
    const before = composer.compose([]);
    const text = before.toYaml("all");
    fc.assert(
      fc.property(
        fc.array(
          fc.constantFrom(
            "seed=1",
            "+new.a.b=1",
            "~rates",
            "rates=[7]",
            "cluster.servers.0.count=9",
            "cluster=full",
            "rates=extend_list(3)",
            "++cluster={x:1}",
          ),
          { maxLength: 4 },
        ),
        (overrides) => {
          try {
            composer.compose(overrides).resolved();
          } catch {
            // Some combinations contradict each other; what matters is what they leave behind.
          }
          expect(before.toYaml("all")).toBe(text);
          expect(composer.compose([]).toYaml("all")).toBe(text);
        },
      ),
      { numRuns: 40 },
    );
  });

  test("results are frozen, and parts without interpolations are shared between compositions", () => {
    const composer = composerFor(FILES);
    const [a, b] = [1, 2].map((seed) => composer.compose([`seed=${seed}`]).resolved() as { rates: number[] });
    expect(a!.rates).toBe(b!.rates);
    expect(Object.isFrozen(a)).toBe(true);
    expect(Object.isFrozen(a!.rates)).toBe(true);
  });

  test("a package prints with its header", () => {
    const composition = composerFor(FILES).compose([]);
    expect(composition.toYaml("job", { package: "router.overheads" })).toBe("# @package router.overheads\ndelay: 0\n");
    expect(configError(() => composition.toYaml("job", { package: "ruoter" })).hint).toContain("router");
  });
});

describe("search path", () => {
  test("the first directory that has a config wins whole, options are the union", () => {
    const extra = directoryWith({ "router/noop.yaml": "from: extra\n", "router/extra.yaml": "from: extra\n" });
    const main = directoryWith(FILES);
    const composer = new Composer({
      searchPath: [
        { provider: "main", path: main },
        { provider: "extra", path: extra },
      ],
      configName: "config",
    });
    expect(composer.compose([]).select("router")).toEqual({ overheads: { delay: 0 } });
    expect(composer.groupOptions("router")).toEqual(["extra", "kv", "noop"]);
  });

  test("a directory can be mounted as a group, with groups inside", () => {
    const studies = directoryWith({
      "paper/fig1.yaml": "# @package _global_\nseed: 77\n",
      "quick.yaml": "# @package _global_\nseed: 1\n",
    });
    const composer = new Composer({
      searchPath: [
        { provider: "main", path: directoryWith({ "config.yaml": "seed: 0\n" }) },
        { provider: "studies", path: studies, group: "study" },
      ],
      configName: "config",
    });
    expect(composer.compose(["+study=paper/fig1"]).select("seed")).toBe(77);
    expect(composer.compose(["+study/paper=fig1"]).select("seed")).toBe(77);
    expect(composer.groups()).toEqual(expect.arrayContaining(["study", "study/paper"]));
    expect(composer.compose(["+study=quick"]).select("seed")).toBe(1);
  });

  test("a fallback stands behind the directories of hydra.searchpath", () => {
    const [own, fallback] = [
      directoryWith({ "g/x.yaml": "v: own\n" }),
      directoryWith({ "g/x.yaml": "v: fallback\n", "g/y.yaml": "v: fallback\n" }),
    ];
    const composer = new Composer({
      searchPath: [
        {
          provider: "main",
          path: directoryWith({ "config.yaml": `defaults: [g: x]\nhydra: {searchpath: ['file://${own}']}\n` }),
        },
        { provider: "shipped", path: fallback, fallback: true },
      ],
      configName: "config",
    });
    expect(composer.compose([]).select("g.v")).toBe("own");
    expect(composer.compose(["g=y"]).select("g.v")).toBe("fallback");
  });

  test("a directory that does not exist is a warning", () => {
    const composition = composerFor(FILES).compose(["hydra.searchpath=[nowhere/at/all]"]);
    expect(composition.warnings.join()).toContain("nowhere/at/all");
  });

  test("composers with one cache read each file once", () => {
    const cache = new SourceCache();
    const searchPath = [{ provider: "main", path: directoryWith(FILES) }];
    new Composer({ searchPath, configName: "config", cache }).compose([]);
    const read = cache.configs.size;
    new Composer({ searchPath, configName: "config", cache }).compose([]);
    expect(cache.configs.size).toBe(read);
  });
});

describe("the hydra node", () => {
  test("values that the program wants different lose against the primary config", () => {
    const options = { hydraDefaults: "run: {dir: 'results/${seed}'}\noutput_subdir: .sweep\n" };
    const composition = composerFor({ "config.yaml": "seed: 4\nhydra: {output_subdir: mine}\n" }, options).compose([]);
    expect(composition.hydraResolved("run.dir")).toBe("results/4");
    expect(composition.hydraResolved("output_subdir")).toBe("mine");
  });

  test.each([
    ["hydra.foo=1", "key_not_in_struct"],
    ["hydra.launcher.foo=1", "key_not_in_struct"],
    ["hydra.job.chdir=maybe", "override_merge_error"],
    ["hydra.mode=FOO", "override_merge_error"],
    ["hydra.run.dir=null", "override_merge_error"],
    ["hydra.searchpath=[1]", "searchpath_error"],
  ])("%s is refused", (override, label) => {
    expect(configError(() => composerFor(FILES).compose([override])).label).toBe(label);
  });

  test("values are converted to the declared type", () => {
    const composition = composerFor(FILES).compose(["hydra.job.chdir=1", "hydra.job.name=7"]);
    expect([composition.hydraResolved("job.chdir"), composition.hydraResolved("job.name")]).toEqual([true, "7"]);
  });

  test("hydra.mode decides how a configuration is run", () => {
    const composer = composerFor({ "config.yaml": "a: 1\nhydra: {mode: MULTIRUN}\n" });
    expect([composer.mode([]), composer.mode(["hydra.mode=RUN"])]).toEqual(["multirun", "run"]);
  });

  test("now uses the time of the composer", () => {
    expect(composerFor(FILES).compose([]).hydraResolved("run.dir")).toBe("outputs/2024-01-02/03-04-05");
  });
});
