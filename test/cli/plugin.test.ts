/** `--plugin FILE`: components of the user's own. */
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { filesBelow, sweep, workingDirectory } from "./command.ts";

/** Does what the shipped round_robin does, from instance number `first` on. */
const SCHEDULER = `
class InTurn {
  decodeBinding = "arrival";
  #instances = [];
  #next;
  constructor(first) {
    this.#next = first;
  }
  addInstance(instance) {
    this.#instances.push(instance);
  }
  place() {
    const chosen = this.#instances[this.#next++ % this.#instances.length];
    return { prefill: chosen, decode: chosen };
  }
}
export const schedulers = [
  {
    targets: ["mine.InTurn"],
    parameters: { first: { type: "integer", minimum: 0 } },
    create: (context, { first }) => new InTurn(first),
  },
];
`;

const POLICIES = `
import assert from "node:assert";
export const globalPolicies = [
  { targets: ["mine.First"], create() {
    let first;
    return { addInstance(instance) { first ??= instance; }, choose() { assert(first); return first; } };
  } },
];
export const localOrders = [
  { targets: ["mine.Last"], create: () => ({ next: (waiting) => waiting.length - 1 }) },
];
`;

const SMALL = ["cluster.servers.0.count=4", "trace.requests=60"];
const CHOSEN = ["scheduler=jsq", "scheduler._target_=mine.InTurn", "+scheduler.first=0"];

function project(files: Readonly<Record<string, string>>): string {
  const cwd = workingDirectory();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(cwd, name, ".."), { recursive: true });
    writeFileSync(join(cwd, name), text);
  }
  return cwd;
}

function tables(sweepDir: string): string[] {
  return [...filesBelow(sweepDir)]
    .filter(([name]) => /detailed|request_nodes|summary/.test(name))
    .map(([, text]) => text);
}

test("a scheduler of a plugin serves requests as a shipped one that decides the same", async () => {
  const cwd = project({ "mine.mjs": SCHEDULER });
  const own = await sweep(cwd, "--plugin", "mine.mjs", ...CHOSEN, ...SMALL, "output_dir=own");
  expect(own.stderr).toBe("");
  expect(own.status).toBe(0);
  await sweep(cwd, "scheduler=round_robin", ...SMALL, "output_dir=shipped");
  expect(tables(join(cwd, "own")).length).toBeGreaterThan(0);
  expect(tables(join(cwd, "own"))).toEqual(tables(join(cwd, "shipped")));
});

test("global policies and local orders of plugins decide in disaggregated serving", async () => {
  const cwd = project({ "policies.mjs": POLICIES });
  const chosen = [
    "scheduler=disaggregated",
    "engine=disaggregated",
    "start_state=splitwise",
    "cluster=half_half",
    ...SMALL,
  ];
  const args = [
    ...chosen,
    "~decode_global.by",
    "decode_global._target_=mine.First",
    "prefill_local._target_=mine.Last",
    "--json",
  ];
  const { status, stdout, stderr } = await sweep(cwd, "--plugin", "policies.mjs", ...args);
  expect(status, stderr).toBe(0);
  const shipped = await sweep(cwd, ...chosen, "--json", "output_dir=shipped");
  expect(shipped.status, shipped.stderr).toBe(0);
  expect(JSON.parse(stdout).metrics).not.toEqual(JSON.parse(shipped.stdout).metrics);
});

describe("a sweep with a plugin", () => {
  const FILES = {
    "mine.mjs": SCHEDULER,
    "configs/scheduler/in_turn.yaml": "defaults: [jsq]\n_target_: mine.InTurn\nname: in_turn\nfirst: 1\n",
  };
  const COMMAND = [
    "-m",
    "--plugin=mine.mjs",
    "--config-dir=configs",
    "scheduler=in_turn,jsq",
    "seed=1,2",
    ...SMALL,
    "--quiet",
  ];

  test("has the same bytes in worker threads and inline, and its file is part of the ids of the runs that use it", async () => {
    const cwd = project(FILES);
    const threads = await sweep(cwd, ...COMMAND, "hydra.sweep.dir=threads");
    expect(threads.status, threads.stderr).toBe(0);
    await sweep(cwd, ...COMMAND, "hydra.sweep.dir=inline", "hydra/launcher=inline");
    expect(readFileSync(join(cwd, "inline/runs.csv"))).toEqual(readFileSync(join(cwd, "threads/runs.csv")));
    const plain = await sweep(cwd, "-m", "--dry-run", "scheduler=jsq", "seed=1,2", ...SMALL);
    const ids = (text: string) => text.split("\n").map((line) => line.split(/[\t,]/)[1]);
    expect(ids(readFileSync(join(cwd, "inline/runs.csv"), "utf8")).slice(3, 5)).toEqual(ids(plain.stdout).slice(0, 2));
    appendFileSync(join(cwd, "mine.mjs"), "// changed\n");
    const changed = await sweep(cwd, ...COMMAND, "hydra.sweep.dir=inline", "--dry-run");
    expect(
      changed.stdout
        .split("\n")
        .map((line) => line.split("\t")[2])
        .slice(0, 4),
    ).toEqual(["todo", "todo", "done", "done"]);
  });

  test("is not resumed when the plugin has changed, unless the concerned runs may change, too", async () => {
    const cwd = project(FILES);
    await sweep(cwd, ...COMMAND, "hydra.sweep.dir=s");
    appendFileSync(join(cwd, "mine.mjs"), "// changed\n");
    const refused = await sweep(cwd, "--resume", "s", "--plugin=mine.mjs");
    expect(refused.status).toBe(2);
    expect(refused.stderr).toContain("plugin 'mine.mjs': the file has changed");
    const forced = await sweep(cwd, "--resume", "s", "--plugin=mine.mjs", "--force-changed", "--json", "--quiet");
    expect(JSON.parse(forced.stdout)).toMatchObject({ done: 2, skipped: 2 });
  });

  test("is resumed only by somebody who names the plugin: a plan that was sent runs no code", async () => {
    const cwd = project(FILES);
    await sweep(cwd, ...COMMAND, "hydra.sweep.dir=s");
    writeFileSync(join(cwd, "mine.mjs"), 'import { writeFileSync } from "node:fs"; writeFileSync("it-ran", "");');
    for (const words of [
      ["--resume", "s"],
      ["status", "s"],
      ["timeline", "s", "--run", "0"],
      ["report", "s"],
    ]) {
      const { status, stderr } = await sweep(cwd, ...words);
      if (words[0] === "--resume" || words[0] === "timeline") {
        expect(status).toBe(2);
        expect(stderr).toContain("planned with mine.mjs, now none");
        expect(stderr).toContain("if you trust it, add --plugin mine.mjs");
      }
      expect(existsSync(join(cwd, "it-ran"))).toBe(false);
    }
  });

  test("shows its runs, and single ones, as timelines to whoever names the plugin", async () => {
    const cwd = project(FILES);
    await sweep(cwd, ...COMMAND, "hydra.sweep.dir=s");
    const options = ["--plugin", "mine.mjs", "--output", "timeline.json"];
    const ofSweep = await sweep(cwd, "timeline", "s", "--run", "0", ...options);
    expect(ofSweep.status, ofSweep.stderr).toBe(0);
    await sweep(cwd, "--plugin", "mine.mjs", ...CHOSEN, ...SMALL, "output_dir=one");
    const ofRun = await sweep(cwd, "timeline", "one", ...options);
    expect(ofRun.status, ofRun.stderr).toBe(0);
  });

  test("goes on by the same command, and is refused to one with other plugins", async () => {
    const cwd = project(FILES);
    await sweep(cwd, ...COMMAND, "hydra.sweep.dir=s");
    expect((await sweep(cwd, ...COMMAND, "hydra.sweep.dir=s")).status).toBe(0);
    const without = COMMAND.filter((word) => !word.startsWith("--plugin"));
    const refused = await sweep(cwd, ...without, "hydra.sweep.dir=s");
    expect(refused.status).toBe(2);
    expect(refused.stderr).toContain("planned with mine.mjs, now none");
  });

  test("is refused over a queue, through which no code goes", async () => {
    const { status, stderr } = await sweep(project(FILES), ...COMMAND, "hydra/launcher=bullmq");
    expect(status).toBe(2);
    expect(stderr).toContain("no code goes through a queue");
  });
});

test("an error in a plugin fails its run, and names the plugin's line", async () => {
  const cwd = project({ "mine.mjs": SCHEDULER.replace("const chosen", "null.x;\n    const chosen") });
  const { status, stderr } = await sweep(cwd, "--plugin", "mine.mjs", ...CHOSEN, ...SMALL);
  expect(status).toBe(1);
  expect(stderr).toMatch(/^sweep: the plugin failed at mine\.mjs:13:\d+: Cannot read properties of null/m);
  expect(stderr).not.toMatch(/^\s+at /m);
});

test.each([
  [
    "decode: chosen };",
    'decode: "x" };',
    'placed a request with decode "x", expected an instance that addInstance was given.',
  ],
  ["prefill: chosen,", "prefill: { ...chosen },", "placed a request with prefill an object, expected an instance"],
  ["place() {", "async place() {", "placed a request with a promise, expected { prefill, decode } or undefined."],
  ['"arrival"', '"arivval"', 'has decodeBinding "arivval", expected arrival, prefill_end, transfer_end.'],
  ['"arrival"', '"prefill_end"', 'has no method bindDecode, which decodeBinding "prefill_end" asks for.'],
  ["addInstance(", "addInstances(", "has no method addInstance."],
])("a scheduler of a plugin with %s instead of %s fails its run", async (right, wrong, message) => {
  const cwd = project({ "mine.mjs": SCHEDULER.replace(right, wrong) });
  const { status, stderr } = await sweep(cwd, "--plugin", "mine.mjs", ...CHOSEN, ...SMALL);
  expect(status).toBe(1);
  expect(stderr).toContain(`the plugin 'mine.mjs': mine.InTurn ${message}`);
});

test("parameters that a plugin declares are checked, as the shared ones are", async () => {
  const cwd = project({ "mine.mjs": SCHEDULER });
  const check = async (...overrides: string[]) =>
    (await sweep(cwd, "--plugin", "mine.mjs", ...CHOSEN.slice(0, 2), ...overrides, ...SMALL)).stderr;
  expect(await check()).toContain("scheduler.first: required key is missing");
  expect(await check("+scheduler.first=-1")).toContain("scheduler.first: found -1, expected to be >= 0");
  expect(await check("+scheduler.first=0", "+scheduler.firts=0")).toContain("scheduler.firts: unknown key");
  const submit = "scheduler.executor_overheads.submit_task=-1";
  expect(await check("+scheduler.first=0", submit)).toContain("submit_task: found -1");
});

test.each([
  ["a file that is not there", undefined, "cannot read 'mine.mjs'"],
  ["a syntax error", "export const schedulers = [;", "node --check mine.mjs"],
  ["an import of a file, which no id would depend on", 'import "./other.mjs";', "A plugin is one file"],
  ["a misspelt export", "export const scheduler = [];", "Did you mean 'schedulers'?"],
  ["no components", "", "registers nothing"],
  ["a component without a name", "export const schedulers = [{ create() {} }];", "schedulers[0] without targets"],
  ["no function", 'export const schedulers = [{ targets: ["a.B"] }];', "without a function create"],
  [
    "a shipped name",
    'export const schedulers = [{ targets: ["schedulers.Jsq"], create() {} }];',
    "a shipped component",
  ],
  [
    "parameters that are no schemas",
    'export const schedulers = [{ targets: ["a.B"], parameters: { x: { type: "real" } }, create() {} }];',
    "are no JSON Schemas",
  ],
])("%s is refused", async (_, text, message) => {
  const cwd = project(text === undefined ? {} : { "mine.mjs": text });
  const { status, stderr } = await sweep(cwd, "--plugin", "mine.mjs", "--cfg", "job");
  expect(status).toBe(2);
  expect(stderr).toContain(message);
  expect(stderr).not.toMatch(/^\s+at |data:/m);
});

test("`--info plugins` lists what plugins register", async () => {
  const { stdout } = await sweep(project({ "mine.mjs": SCHEDULER }), "--plugin", "mine.mjs", "--info", "plugins");
  expect(stdout).toContain("mine.mjs:\n  mine.InTurn\n");
});
