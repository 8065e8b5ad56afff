/** Sweeps over real servers; workers of a queue share no folder with the submitter. */
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { expect, onTestFinished } from "vitest";
import { filesBelow, type RunningCommand, start } from "../cli/command.ts";
import { type RedisServer, startRedis } from "../servers/redis.js";

export async function redis(options: Parameters<typeof startRedis>[0] = {}): Promise<RedisServer> {
  const server = await startRedis(options);
  onTestFinished(() => server.stop());
  return server;
}

/** A worker in a folder of its own below `cwd`; ended with the test. */
export function worker(
  cwd: string,
  name: string,
  { url }: RedisServer,
  environment: Readonly<Record<string, string>> = {},
): RunningCommand {
  const folder = join(cwd, name);
  mkdirSync(folder, { recursive: true });
  const words = ["worker", "--redis", url, "--workers", "1", "--cache", "inputs", "--lost-after", "1"];
  const running = start(folder, words, environment);
  onTestFinished(async () => {
    running.kill("SIGKILL");
    await running.outcome;
  });
  return running;
}

export const overQueue = ({ url }: RedisServer) => [
  "hydra/launcher=bullmq",
  `hydra.launcher.url=${url}`,
  "hydra.launcher.patience=20",
];

/** Starts a sweep in the folder `name` of `cwd`. */
export function startSweep(
  cwd: string,
  name: string,
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): RunningCommand {
  mkdirSync(join(cwd, name), { recursive: true });
  const running = start(join(cwd, name), ["-m", ...words, "hydra.sweep.dir=s"], environment);
  onTestFinished(() => running.kill("SIGKILL"));
  return running;
}

/** Files that name the directory of their sweep, its launcher, or the order in which its runs ended. */
const OWN_TO_A_SWEEP = /^(journal\.jsonl|plan\.jsonl|multirun\.yaml)$|\.hydra\/hydra\.yaml$|shard\.json$/;

/** All other files of the sweep in the folder `name`. */
function resultsOf(cwd: string, name: string): Map<string, string> {
  return new Map([...filesBelow(join(cwd, name, "s"))].filter(([file]) => !OWN_TO_A_SWEEP.test(file)));
}

/** Runs that are complete by their files. */
export function completeRuns(cwd: string, name: string, total: number): number {
  let count = 0;
  for (let run = 0; run < total; run++) if (existsSync(join(cwd, name, "s", String(run), "shard.json"))) count++;
  return count;
}

/** Waits until the condition holds: an event of another process, which this one can only look for. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await wait(10);
}

/** The same sweep, undisturbed and in a single process. */
export async function runReference(cwd: string, words: readonly string[]): Promise<void> {
  const { status, stderr } = await startSweep(cwd, "reference", [...words, "hydra/launcher=inline"]).outcome;
  expect(status, stderr).toBe(0);
}

/** The results of the sweep in the folder `name` are those of `runReference`. */
export function expectSameResults(cwd: string, name: string): void {
  const [found, expected] = [resultsOf(cwd, name), resultsOf(cwd, "reference")];
  expect([...found.keys()]).toEqual([...expected.keys()]);
  for (const [file, text] of expected) expect(found.get(file) === text, `${file} is the same`).toBe(true);
}
