// A sweep over a queue whose workers are killed at random instants: a real Redis, and workers that share no folder with the sweep.
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { startRedis } from "../servers/redis.js";
import { differingFiles } from "./compare.js";
import { BIN, completeRuns, journalledRuns, session } from "./session.js";

const WORKERS = 2;
/** Between kills, at most; a worker needs half of one to start and take a job. */
const LONGEST_LIFE_SECONDS = 1.5;
/** Kills of one sweep before it may end. */
const KILLS_PER_SWEEP = 12;

/** Disturbs sweeps until `kills` workers were killed. `random` gives the instants. */
export async function killTheWorkers({ overrides }, { kills, random }) {
  const folder = mkdtempSync(join(tmpdir(), "servesweep-fault-"));
  const seen = { sweeps: 0, kills: 0, resumes: 0, lost: 0, redone: 0, problems: [] };
  const redis = await startRedis();
  try {
    const command = ["-m", ...overrides, "hydra.sweep.dir=s", "--quiet"];
    const undisturbed = join(folder, "undisturbed");
    const whole = await session(undisturbed, [...command, "hydra/launcher=inline"]);
    if (whole.status !== 0) throw new Error(`the undisturbed sweep ended with ${whole.status}: ${whole.stderr}`);
    const queued = [...command, "hydra/launcher=bullmq", `hydra.launcher.url=${redis.url}`];
    for (; seen.kills < kills; seen.sweeps++) {
      const cwd = join(folder, String(seen.sweeps));
      // A run whose workers died too often has failed, as one that kills them would, and a resume tries it again.
      const ended = session(cwd, queued).then((first) => {
        if (first.status !== 1) return first;
        seen.resumes++;
        return session(cwd, ["--resume", "s", "--quiet"]);
      });
      const limit = Math.min(seen.kills + KILLS_PER_SWEEP, kills);
      const stop = killUntil(ended, { folder, url: redis.url, random }, () => seen.kills < limit && ++seen.kills > 0);
      const { status, stderr } = await ended;
      await stop;
      const problems = status === 0 ? [] : [`the sweep ended with status ${status}: ${stderr}`];
      const { done, doneTwice } = journalledRuns(cwd);
      const lost = [...done].filter((run) => !completeRuns(cwd)?.has(run));
      seen.lost += lost.length;
      seen.redone += doneTwice;
      problems.push(
        ...lost.map((run) => `run ${run} is lost`),
        ...differingFiles(join(undisturbed, "s"), join(cwd, "s")),
      );
      if (problems.length > 0) seen.problems.push(`sweep ${seen.sweeps}: ${problems.slice(0, 10).join("; ")}`);
    }
    return seen;
  } finally {
    await redis.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Keeps workers at work until the sweep has ended, and kills one after another while `mayKill` says so. */
async function killUntil(ended, { folder, url, random }, mayKill) {
  let isOver = false;
  ended.then(() => {
    isOver = true;
  });
  const lane = async (name) => {
    const cwd = join(folder, name);
    mkdirSync(cwd, { recursive: true });
    while (!isOver) {
      const words = ["worker", "--redis", url, "--workers=1", "--cache=inputs", "--lost-after=1", "--quiet"];
      const worker = spawn(process.execPath, [BIN, ...words], { cwd, stdio: "ignore" });
      const death = new Promise((resolve) => worker.on("exit", resolve));
      await Promise.race([ended, wait(1000 * (0.3 + random.uniform() * LONGEST_LIFE_SECONDS))]);
      if (!isOver && !mayKill()) await ended;
      worker.kill("SIGKILL");
      await death;
    }
  };
  await Promise.all(Array.from({ length: WORKERS }, (_, number) => lane(`worker${number}`)));
}
