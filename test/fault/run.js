// Faults: `npm run fault [-- --kills=N --seed=N SCENARIO...]`. Kills the command (SIGKILL, with its worker threads) at random
// instants of a sweep, resumes it by the same command or by --resume, kills it again, and so on; at the end the sweep must have
// the bytes of one that nobody disturbed. Ends with the line "N passed, N failed": a check per sweep that came to its end.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createRandomStream } from "../../dist/sim/kernel/random.js";
import { differingFiles } from "./compare.js";
import { scenarios } from "./scenarios/index.js";
import { journalledRuns, session, status } from "./session.js";

/** Sessions of one sweep that are killed before one may end. */
const KILLS_PER_SWEEP = 12;
/** Of the time that the undisturbed sweep took, in which sessions are killed: most of them have less left to do. */
const KILL_WITHIN = 0.6;

const { values, positionals } = parseArgs({
  options: { kills: { type: "string", default: "200" }, seed: { type: "string", default: "1" } },
  allowPositionals: true,
});
const names = positionals.length > 0 ? positionals : Object.keys(scenarios);
const random = createRandomStream(Number(values.seed), "faults");
const killsWanted = Math.ceil(Number(values.kills) / names.length);
const totals = { kills: 0, resumes: 0, lost: 0, redone: 0 };
let passed = 0;
let failed = 0;

for (const name of names) await disturb(name, scenarios[name]);
const { kills, resumes, lost, redone } = totals;
console.log(`${kills} kills, ${resumes} resumes, ${lost} runs lost, ${redone} complete runs re-done`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;

async function disturb(name, { overrides, options = [] }) {
  const folder = mkdtempSync(join(tmpdir(), "servesweep-fault-"));
  const command = ["-m", ...overrides, "hydra.sweep.dir=s", "--quiet", ...options];
  try {
    const undisturbed = join(folder, "undisturbed");
    const whole = await session(undisturbed, command);
    if (whole.status !== 0) throw new Error(`the undisturbed sweep ended with ${whole.status}: ${whole.stderr}`);
    const seen = { kills: 0, resumes: 0, lost: 0, redone: 0 };
    for (let sweep = 0; seen.kills < killsWanted; sweep++) {
      const cwd = join(folder, String(sweep));
      const problems = await killAndResume(cwd, command, whole.seconds, seen, killsWanted);
      problems.push(...differingFiles(join(undisturbed, "s"), join(cwd, "s")));
      if (problems.length === 0) passed++;
      else failed++;
      for (const problem of problems.slice(0, 10)) console.log(`FAILED ${name}, sweep ${sweep}: ${problem}`);
      rmSync(cwd, { recursive: true });
    }
    for (const key of Object.keys(totals)) totals[key] += seen[key];
    console.log(`${name}: ${seen.kills} kills, ${seen.resumes} resumes, ${seen.lost} lost, ${seen.redone} re-done`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Brings one sweep to its end through kills. What went wrong, if anything. */
async function killAndResume(cwd, command, wholeSeconds, seen, killsAllowed) {
  const problems = [];
  let complete = new Set();
  for (let number = 0; ; number++) {
    const isRecorded = status(cwd) !== undefined;
    const resumes = isRecorded && random.uniform() < 0.5;
    const mayEnd = number >= KILLS_PER_SWEEP || seen.kills >= killsAllowed;
    const killAfterSeconds = mayEnd ? undefined : random.uniform() * KILL_WITHIN * wholeSeconds;
    const ended = await session(cwd, resumes ? ["--resume", "s", "--quiet"] : command, killAfterSeconds);
    if (isRecorded) seen.resumes++;
    if (ended.killed) seen.kills++;
    else if (ended.status !== 0) problems.push(`a session ended with status ${ended.status}: ${ended.stderr}`);
    const { doneTwice, done } = journalledRuns(cwd);
    const now = new Set(status(cwd)?.complete ?? []);
    for (const run of [...complete, ...done]) if (!now.has(run)) seen.lost++;
    if (seen.lost > 0) problems.push(`${seen.lost} runs that were complete are lost`);
    complete = now;
    if (ended.killed && problems.length === 0) continue;
    seen.redone += doneTwice;
    if (doneTwice > 0) problems.push(`${doneTwice} complete runs were done again`);
    return problems;
  }
}
