import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { complete } from "../../src/cli/completion/complete.ts";
import { completionScript, SHELLS } from "../../src/cli/completion/scripts.ts";
import { sweep, workingDirectory } from "./command.ts";

const BIN = fileURLToPath(new URL("../../bin/sweep.js", import.meta.url));

describe("the words typed so far are completed", () => {
  test.each<readonly [string, string]>([
    // Config groups and their options.
    ["clu", "cluster="],
    ["cluster=ha", "cluster=half_half"],
    ["scheduler=jsq,to", "scheduler=jsq,token_jsq"],
    ["+exp", "+experiment="],
    ["+experiment=az", "+experiment=azure/"],
    ["+experiment=azure/con", "+experiment=azure/conversation"],
    ["hydra/la", "hydra/launcher="],
    ["hydra/launcher=in", "hydra/launcher=inline"],
    ["~clu", "~cluster"],
    // Keys.
    ["trace.ra", "trace.rate="],
    ["simulation.ev", "simulation.event_order="],
    ["simu", "simulation."],
    ["cluster.servers.1.c", "cluster.servers.1.count="],
    ["trace=gamma trace.arrivals.c", "trace.arrivals.cv="],
    ["++see", "++seed="],
    ["~debu", "~debug"],
    ["+compat.nu", "+compat.numpy_seed="],
    ["+trace.arrivals.req", "+trace.arrivals.requests_per_minute="],
    // Values.
    ["engine.admission=r", "engine.admission=request"],
    ["debug=t", "debug=true"],
    ["seed=", "seed=0"],
    ["trace.limit=", ""],
    ["applications.0.scheduler=mix", "applications.0.scheduler=mixed_pool"],
    ["cluster.servers.0.sku=dgx-h100-", "cluster.servers.0.sku=dgx-h100-pcap"],
    ["results.outputs=[summary,det", "results.outputs=[summary,detailed"],
    ["cluster=half_half,half", ""],
    // Options and subcommands.
    ["--inf", "--info"],
    ["--info defaults-", "--info defaults-tree"],
    ["--info=orig", "--info=origins"],
    ["-c h", "-c hydra"],
    ["compl", "completion"],
    ["completion z", "completion zsh"],
    ["seed=1 compl", ""],
    ["trace d", "trace describe"],
    ["trace generate trace=gam", "trace generate trace=gamma"],
    ["trace describe trace=gamma trace.arrivals.cv=2 trace.ra", "trace describe trace.rate="],
    ["trace convert trace=gam", ""],
    ["-cn con", "-cn config"],
    // What was typed before may be wrong.
    ["cluster=nonsense trace=gamma trace.arrivals.c", ""],
    ["trace=gamma cluster=nonsense trace.arrivals.c", "trace.arrivals.cv="],
    ["seed=0,1 -m trace.ra", "trace.rate="],
    ["'", ""],
    ["=", ""],
    ["a@b@c=", ""],
  ])("%s", async (line, expected) => {
    const words = line.split(" ");
    const found = await complete(words);
    expect(found).toEqual(expected === "" ? [] : [expected.split(" ").at(-1)]);
  });

  test("an empty word offers groups, keys and, first of all words, subcommands", async () => {
    const first = await complete([""]);
    expect(first).toEqual(expect.arrayContaining(["cluster=", "seed=", "simulation.", "schema"]));
    expect(await complete(["seed=1", ""])).not.toContain("schema");
  });

  test("a group typed in full offers its options and its keys", async () => {
    expect(await complete(["cluster"])).toEqual(["cluster.", "cluster="]);
  });

  test("every option of a group is offered once, and not again in a list", async () => {
    const options = await complete(["scheduler="]);
    expect(options).toContain("scheduler=mixed_pool");
    expect(await complete(["scheduler=jsq,"])).toHaveLength(options.length - 1);
  });

  test("the configuration that -cp names is the one that is completed", async () => {
    const cwd = workingDirectory();
    mkdirSync(join(cwd, "mine/disk"), { recursive: true });
    writeFileSync(join(cwd, "mine/config.yaml"), "defaults: [{disk: ssd}]\nspeed: 3\n");
    writeFileSync(join(cwd, "mine/disk/ssd.yaml"), "");
    expect(await complete(["-cp", join(cwd, "mine"), "d"])).toEqual(["disk="]);
    expect(await complete([`--config-path=${join(cwd, "mine")}`, "speed="])).toEqual(["speed=3"]);
  });
});

test("the callback fails silently", async () => {
  const { status, stdout, stderr } = await sweep(workingDirectory(), "__complete", "-cp", "/nowhere/at/all", "clu");
  expect([status, stdout, stderr]).toEqual([0, "", ""]);
});

describe("sweep completion", () => {
  test("says how to install it", async () => {
    const { status, stdout } = await sweep(workingDirectory(), "completion");
    expect(status).toBe(0);
    for (const shell of SHELLS) expect(stdout).toContain(`sweep completion ${shell}`);
  });

  test("prints a script for each shell", async () => {
    const { stdout } = await sweep(workingDirectory(), "completion", "bash");
    expect(stdout).toBe(completionScript("bash"));
  });

  test("refuses another shell", async () => {
    const { status, stderr } = await sweep(workingDirectory(), "completion", "bahs");
    expect(status).toBe(2);
    expect(stderr).toContain("Did you mean 'bash'?");
  });
});

/** `script` gives bash a terminal, without which it does not complete. */
const PROGRAMS = { bash: "bash", zsh: "zsh", fish: "fish", terminal: "script" } as const;

function isInstalled(program: keyof typeof PROGRAMS): boolean {
  return spawnSync(PROGRAMS[program], ["--version"], { stdio: "ignore" }).error === undefined;
}

/** A folder with the script, and a `sweep` that completes as ours does and else prints the words it got. */
function shellSetup(shell: (typeof SHELLS)[number]): { cwd: string; env: NodeJS.ProcessEnv } {
  const cwd = workingDirectory();
  const stub = `#!/bin/sh
if [ "$1" = __complete ]; then exec "${process.execPath}" "${BIN}" "$@"; fi
printf 'RAN'; printf ' <%s>' "$@"; echo
`;
  writeFileSync(join(cwd, "sweep"), stub);
  chmodSync(join(cwd, "sweep"), 0o755);
  writeFileSync(join(cwd, "completion"), completionScript(shell));
  return { cwd, env: { ...process.env, PATH: `${cwd}:${process.env.PATH}`, PS1: "", TERM: "dumb", HOME: cwd } };
}

const MISSING = "not installed here, so its completion script is not tried";

describe("in a real shell, what is typed with TABs is completed", () => {
  test.skipIf(!isInstalled("bash") || !isInstalled("terminal"))(`bash (skipped if ${MISSING})`, () => {
    const { cwd, env } = shellSetup("bash");
    const typed = [
      "source ./completion",
      "sweep clu\tdgx-h\t trace.ra\t9 scheduler=jsq,to\t",
      "sweep --inf\tdefaults-\t",
      "sweep +exp\taz\tcon\t seed=0",
      "exit",
    ];
    const { stdout } = spawnSync(PROGRAMS.terminal, ["-qec", "bash --norc --noprofile -i", "/dev/null"], {
      cwd,
      env,
      input: `${typed.join("\n")}\n`,
      encoding: "utf8",
    });
    expect(stdout).toContain("RAN <cluster=dgx-h100> <trace.rate=9> <scheduler=jsq,token_jsq>");
    expect(stdout).toContain("RAN <--info> <defaults-tree>");
    expect(stdout).toContain("RAN <+experiment=azure/conversation> <seed=0>");
  });

  // The functions of zsh's completion system are replaced by ones that print what they are given.
  test.skipIf(!isInstalled("zsh"))(`zsh (skipped if ${MISSING})`, () => {
    const { cwd, env } = shellSetup("zsh");
    const script = `
compdef() { : }
compadd() { print -r -- "$@" }
_files() { print -r -- files }
source ./completion
try() { words=(sweep "$@"); CURRENT=$#words; _sweep_complete }
try clu
try seed=1 cluster=half
try trace=gamma 'trace.arrivals.c'
try --config-path ''
`;
    const { stdout, stderr } = spawnSync(PROGRAMS.zsh, ["-f", "-c", script], { cwd, env, encoding: "utf8" });
    expect(stderr).toBe("");
    expect(stdout.trimEnd().split("\n")).toEqual([
      "-S  -- cluster=",
      "-- cluster=half_half",
      "-S  -- trace.arrivals.cv=",
      "files",
    ]);
  });

  test.skipIf(!isInstalled("fish"))(`fish (skipped if ${MISSING})`, () => {
    const { cwd, env } = shellSetup("fish");
    const lines = ["sweep clu", "sweep seed=1 cluster=half", "sweep --info defaults-"];
    const script = ["source ./completion", ...lines.map((line) => `complete -C '${line}'`)].join("\n");
    const { stdout } = spawnSync(PROGRAMS.fish, ["--no-config", "-c", script], { cwd, env, encoding: "utf8" });
    expect(stdout.trimEnd().split("\n")).toEqual(["cluster=", "cluster=half_half", "defaults-tree"]);
  });
});
