import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { filesBelow, sweep, workingDirectory } from "./command.ts";

/** What the user did, the words typed, and what the message must hold. */
const MISTAKES: readonly (readonly [string, readonly string[], readonly (string | RegExp)[]])[] = [
  ["an unknown key", ["tracee.rate=3"], ["no key 'tracee'", "'trace'"]],
  ["an unknown key deep down", ["trace.rte=3"], ["no key 'rte'", "'rate'"]],
  ["a misspelt group", ["clutser=half_half"], ["no key 'clutser'", "'cluster'"]],
  ["an unknown option of a group", ["cluster=half_hlf"], ["cluster/half_hlf", "'half_half'"]],
  ["bad override syntax", ["note=a=b"], ["unexpected '='", /^ {8}\^$/m, "Quote"]],
  ["an unknown option of the command", ["--mulitrun"], ["mulitrun", "--multirun"]],
  ["a wrong type", ["trace.rate=fast"], ["trace.rate", 'found "fast"', "expected number", "'trace.rate=fast'"]],
  ["a value out of range", ["trace.rate=-1"], ["trace.rate", "> 0"]],
  ["several mistakes at once", ["trace.rate=-1", "end_time=x"], ["trace.rate", "end_time"]],
  ["a value that is not offered", ["engine.admission=requests"], ["request, task", "Did you mean 'request'"]],
  ["a missing trace", ["trace.filename=nowhere"], ["traces/nowhere.csv"]],
  ["a misspelt trace", ["trace.filename=tst_trace"], ["traces/tst_trace.csv", "Did you mean 'test_trace'?"]],
  ["a misspelt named trace", ["trace.filename=rr_cod_70"], ["Did you mean 'rr_code_70'"]],
  ["a folder for a trace", ["trace.path=."], ["'.' is not a regular file"]],
  ["a device for a trace", ["trace.path=/dev/zero"], ["'/dev/zero' is not a regular file"]],
  ["a file for a folder", ["hardware_repo.skus=/dev/null"], ["'/dev/null' is not a folder"]],
  ["no number", ["trace.rate=nan"], ["trace.rate", "found nan, expected number"]],
  [
    "generator keys for a trace that is read",
    ["trace.filename=test_trace", "trace.rate=8", "trace.arrivals.process=constant"],
    ["'trace.rate=8', 'trace.arrivals.process=constant' have no effect", "trace.filename", "trace convert"],
  ],
  ["generator parameters that contradict each other", ["trace.utilisation=0.5"], ["both say how often", "null"]],
  ["an unknown scheduler", ["applications.0.scheduler=tokenjsq"], ["'tokenjsq'", "token_jsq"]],
  ["a model larger than its instance", ["start_state.instance.tensor_parallelism=1"], ["135.0 GB", "85.9 GB"]],
  [
    "a size of another model",
    ["applications.0.model_size=bloom-176b-fp16"],
    ["bloom-176b-fp16 is a size of bloom-176b, not of llama2-70b", "model_architecture=bloom-176b"],
  ],
  [
    "a misspelt parameter of an application's own allocator",
    ["+applications.0.allocator_parameters.overheads.spinup=1"],
    ["spinup", "Did you mean 'spin_up'"],
  ],
  ["an instance larger than its server", ["start_state.instance.tensor_parallelism=16"], ["has 8 processors"]],
  ["an empty cluster", ["cluster.servers.0.count=0", "cluster.servers.1.count=0"], ["no servers"]],
  ["no instances", ["start_state=unallocated"], ["No instances available"]],
  ["a performance model that cannot time the engine", ["performance_model=constant"], ["times of iterations"]],
  ["a deleted group", ["~trace"], ["trace: required key is missing", "sweep --info defaults"]],
  ["an option without its value", ["timeline", "x", "--until", "-3"], ["--until needs a value", "--until=-"]],
  [
    "options of sbatch that would run another script, or write elsewhere",
    ["-m", "hydra/launcher=slurm", "hydra.launcher.sbatch_options=[evil.sh,'--output=/tmp/x']"],
    ['sbatch_options.0: found "evil.sh"', 'sbatch_options.1: found "--output=/tmp/x"'],
  ],
  ["a sweep in a single run", ["seed=0,1"], ["--multirun"]],
  ["a resume of no sweep", ["--resume", "nowhere"], ["'nowhere' holds no sweep"]],
  ["options that exclude each other", ["--keep-going", "--fail-fast"], ["exclude each other"]],
  ["an interpolation that leads nowhere", ["seed='${nowhere}'"], ["nowhere"]],
];

describe("a mistake ends with status 2, a message that names it, no stack trace, and nothing written", () => {
  test.each(MISTAKES)("%s", async (_title, words, expected) => {
    const cwd = workingDirectory();
    const { status, stdout, stderr } = await sweep(cwd, ...words);
    expect(status).toBe(2);
    expect(stdout).toBe("");
    for (const part of expected) expect(stderr).toMatch(part instanceof RegExp ? part : new RegExp(escaped(part)));
    expect(stderr).not.toMatch(/^\s+at .*:\d+:\d+/m);
    expect(filesBelow(cwd).size).toBe(0);
  });

  test.each([
    ["a cell that is no number", "1,abc,5\n", "mine.csv:3"],
    ["a request that no instance can serve", "1,99000000,5\n", "mine.csv:3"],
    ["a row with too few cells", "1,10\n", "mine.csv:3"],
    ["output tokens below one", "1,10,0\n", "mine.csv:3"],
  ])("a trace with %s, at its line", async (_title, row, position) => {
    const cwd = workingDirectory();
    writeFileSync(join(cwd, "mine.csv"), `arrival_timestamp,prompt_size,token_size\n0,10,5\n${row}`);
    const { status, stderr } = await sweep(cwd, "trace.dir=.", "trace.filename=mine");
    expect(status).toBe(2);
    expect(stderr).toContain(position);
    expect([...filesBelow(cwd).keys()]).toEqual(["mine.csv"]);
  });

  test("YAML that does not parse, with file, line and column", async () => {
    const cwd = workingDirectory();
    mkdirSync(join(cwd, "cluster"));
    writeFileSync(join(cwd, "cluster/mine.yaml"), "servers:\n  - sku: dgx-h100\n   count: 1\n");
    const { status, stderr } = await sweep(cwd, "-cd", ".", "cluster=mine");
    expect(status).toBe(2);
    expect(stderr).toMatch(/cluster\/mine\.yaml:3:\d+/);
  });

  test("a wrong value in a file, with file, line and column", async () => {
    const cwd = workingDirectory();
    mkdirSync(join(cwd, "cluster"));
    writeFileSync(join(cwd, "cluster/mine.yaml"), "servers:\n  - sku: dgx-h100\n    count: many\n");
    const { status, stderr } = await sweep(cwd, "-cd", ".", "cluster=mine");
    expect(status).toBe(2);
    expect(stderr).toMatch(/cluster\/mine\.yaml:3:12: cluster\.servers\.0\.count: found "many", expected integer/);
  });
});

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
