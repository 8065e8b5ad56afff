// Kills the command, with its worker threads, at random instants of a sweep, and resumes it by the same command or by --resume.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { differingFiles } from "./compare.js";
import { completeRuns, journalledRuns, session } from "./session.js";

/** Sessions of one sweep that are killed before one may end. */
const KILLS_PER_SWEEP = 12;
/** Of the time that the undisturbed sweep took, in which sessions are killed: most of them have less left to do. */
const KILL_WITHIN = 0.6;

/** Disturbs sweeps until `kills` sessions were killed. `random` gives the instants. */
export async function killTheCommand({ overrides, options = [] }, { kills, random }) {
  const folder = mkdtempSync(join(tmpdir(), "servesweep-fault-"));
  const command = ["-m", ...overrides, "hydra.sweep.dir=s", "--quiet", ...options];
  const seen = { sweeps: 0, kills: 0, resumes: 0, lost: 0, redone: 0, problems: [] };
  try {
    const undisturbed = join(folder, "undisturbed");
    const whole = await session(undisturbed, command);
    if (whole.status !== 0) throw new Error(`the undisturbed sweep ended with ${whole.status}: ${whole.stderr}`);
    for (; seen.kills < kills; seen.sweeps++) {
      const cwd = join(folder, String(seen.sweeps));
      const killAfter = () => random.uniform() * KILL_WITHIN * whole.seconds;
      const resumes = () => random.uniform() < 0.5;
      const problems = await killAndResume(cwd, command, { killAfter, resumes, kills }, seen);
      problems.push(...differingFiles(join(undisturbed, "s"), join(cwd, "s")));
      if (problems.length > 0) seen.problems.push(`sweep ${seen.sweeps}: ${problems.slice(0, 10).join("; ")}`);
      rmSync(cwd, { recursive: true });
    }
    return seen;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Brings one sweep to its end through kills, and counts them in `seen`. What went wrong, if anything. */
async function killAndResume(cwd, command, { killAfter, resumes, kills }, seen) {
  const problems = [];
  let before = new Set();
  for (let number = 0; ; number++) {
    const isRecorded = completeRuns(cwd) !== undefined;
    const mayEnd = number >= KILLS_PER_SWEEP || seen.kills >= kills;
    const args = isRecorded && resumes() ? ["--resume", "s", "--quiet"] : command;
    const ended = await session(cwd, args, mayEnd ? undefined : killAfter());
    if (isRecorded) seen.resumes++;
    if (ended.killed) seen.kills++;
    else if (ended.status !== 0) problems.push(`a session ended with status ${ended.status}: ${ended.stderr}`);
    const { done, doneTwice } = journalledRuns(cwd);
    const complete = completeRuns(cwd) ?? new Set();
    const lost = [...new Set([...before, ...done])].filter((run) => !complete.has(run));
    seen.lost += lost.length;
    if (lost.length > 0) problems.push(`${lost.length} runs that were complete are lost`);
    before = complete;
    if (ended.killed && problems.length === 0) continue;
    seen.redone += doneTwice;
    if (doneTwice > 0) problems.push(`${doneTwice} complete runs were done again`);
    return problems;
  }
}
