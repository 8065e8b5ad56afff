import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { infoJson, infoText } from "../../src/cli/info/info.ts";
import { INFO_KINDS, type InfoKind } from "../../src/cli/options.ts";
import { openWorkspace } from "../../src/inputs/workspace.ts";
import { schedulers } from "../../src/sim/scheduler/index.ts";
import { sweep, workingDirectory } from "./command.ts";

function request(...overrides: string[]) {
  const { composer } = openWorkspace({});
  return { composer, composition: composer.compose(overrides), overrides, resolve: false };
}

/** A primary folder with one group, and what `--info` says about it. */
function smallProject(): string {
  const cwd = workingDirectory();
  const files: Readonly<Record<string, string>> = {
    "conf/config.yaml":
      "defaults:\n  - cluster: small\n  - optional extra: none_such\n  - _self_\nseed: 1\nname: x${seed}\n",
    "conf/cluster/small.yaml": "defaults:\n  - /disk@disk: ssd\n\nservers:\n  - sku: a\n    count: 2\n",
    "conf/disk/ssd.yaml": "size: 4\n",
    "conf/disk/hdd.yaml": "size: 9\n",
  };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(cwd, name, ".."), { recursive: true });
    writeFileSync(join(cwd, name), text);
  }
  return cwd;
}

async function info(cwd: string, kind: InfoKind, ...words: string[]): Promise<string> {
  const { status, stdout, stderr } = await sweep(cwd, "-cp", "conf", "--info", kind, ...words);
  expect(stderr).toBe("");
  expect(status).toBe(0);
  return stdout;
}

test("defaults are a table in merge order, as Hydra prints it", async () => {
  const [header, rule, ...rows] = (await info(smallProject(), "defaults")).split("\n");
  expect(header).toMatch(/^\| Config path +\| Package +\| _self_ \| Parent +\|$/);
  expect(rows.slice(-5)).toEqual([
    "| disk/ssd                    | cluster.disk        | False  | cluster/small |",
    "| cluster/small               | cluster             | True   | config        |",
    "| config                      |                     | True   | <root>        |",
    rule,
    "",
  ]);
});

test("the defaults tree shows who lists whom, and which override chose", async () => {
  expect(await info(smallProject(), "defaults-tree", "disk@cluster.disk=hdd")).toContain(
    [
      "  config:",
      "    cluster: small:",
      "      /disk@disk: hdd (disk@cluster.disk=hdd)",
      "      _self_",
      "    optional extra: none_such (deleted)",
      "    _self_",
    ].join("\n"),
  );
});

test("every leaf has its file:line:column or the override that set it, in aligned columns", async () => {
  expect(await info(smallProject(), "origins", "seed=7", "+new.key=[1,2]")).toBe(
    [
      "cluster.disk.size        conf/disk/ssd.yaml:1:7",
      "cluster.servers.0.sku    conf/cluster/small.yaml:5:10",
      "cluster.servers.0.count  conf/cluster/small.yaml:6:12",
      "seed                     override seed=7",
      "name                     conf/config.yaml:6:7",
      "new.key.0                override +new.key=[1,2]",
      "new.key.1                override +new.key=[1,2]",
      "",
    ].join("\n"),
  );
});

test("a folder of the search path that is not there is marked", async () => {
  const words = ["-cp", "conf", "--info", "searchpath", "hydra.searchpath=[file://elsewhere]"];
  const { stdout: table, stderr } = await sweep(smallProject(), ...words);
  expect(stderr).toContain("'file://elsewhere' is not available");
  expect(table).toMatch(/\| main +\| conf +\|/);
  expect(table).toMatch(/elsewhere \(missing\) +\|/);
});

test("config is what --cfg job prints", async () => {
  const cwd = smallProject();
  const config = await info(cwd, "config", "seed=2");
  expect(config).toBe((await sweep(cwd, "-cp", "conf", "--cfg", "job", "seed=2")).stdout);
  expect(await info(cwd, "config", "--resolve")).toContain("name: x1");
});

test("with --multirun the sweep's own configuration is shown, without the swept values", async () => {
  const origins = await info(smallProject(), "origins", "-m", "seed=1,2", "name=fixed");
  expect(origins).toContain("override name=fixed");
  expect(origins).toMatch(/^seed +conf\/config\.yaml:5:7$/m);
});

test("all holds every kind below its title", async () => {
  const all = await info(smallProject(), "all");
  const titles = [...all.matchAll(/^(.*)\n\*+$/gm)].map((match) => match[1]);
  expect(titles).toEqual(["Defaults list", "Defaults tree", "Config search path", "Config", "Plugins", "Origins"]);
});

describe("--json", () => {
  test("prints each kind as JSON", async () => {
    const cwd = smallProject();
    const all = JSON.parse(await info(cwd, "all", "--json"));
    expect(Object.keys(all)).toEqual(INFO_KINDS.filter((kind) => kind !== "all"));
    expect(all.defaults.at(-1)).toEqual({ configPath: "config", package: "", isSelf: true, parent: "<root>" });
    expect(all.config).toMatchObject({ seed: 1, name: "x${seed}" });
    expect(all.origins[0]).toEqual({ path: "cluster.disk.size", file: "conf/disk/ssd.yaml", line: 1, column: 7 });
    expect(all.searchpath[1]).toEqual({ provider: "main", path: "conf", available: true });
    expect(JSON.parse(await info(cwd, "origins", "--json", "seed=3"))).toContainEqual({
      path: "seed",
      override: "seed=3",
    });
  });
});

test("plugins names every registered scheduler, launcher and sweeper", () => {
  const { targets, launchers, sweepers } = infoJson("plugins", request()) as {
    targets: Record<string, string[][]>;
    launchers: string[];
    sweepers: string[];
  };
  const registered = schedulers.flatMap((definition) => definition.targets);
  expect(targets.scheduler.flat().toSorted()).toEqual(registered.toSorted());
  expect(targets.trace.flat()).toContain("traces.Generated");
  expect(launchers).toEqual(expect.arrayContaining(["inline", "threads"]));
  expect(sweepers).toEqual(expect.arrayContaining(["basic", "combined"]));
});

test("the origins of the shipped configuration are as many as its leaves, each at a file or override", () => {
  const lines = infoText("origins", request("trace.rate=9", "cluster=dgx-h100")).trimEnd().split("\n");
  expect(lines.length).toBeGreaterThan(80);
  for (const line of lines) expect(line).toMatch(/^\S+ +(\S+\.yaml:\d+:\d+|override .+)$/);
  expect(lines).toContainEqual(expect.stringMatching(/^trace\.rate +override trace\.rate=9$/));
});
