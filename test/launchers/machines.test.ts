/** A sweep over a queue whose workers are on machines of their own: another network, and no file of the sweep in sight. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { BIN, type RunningCommand, startProgram, workingDirectory } from "../cli/command.ts";
import { type Machine, mayMakeMachines, startMachine } from "../servers/machines.js";
import { isRedisInstalled } from "../servers/redis.js";
import { completeRuns, expectSameResults, overQueue, redis, runReference, startSweep, until } from "./sweeps.ts";

const isPossible = mayMakeMachines && isRedisInstalled;
if (!isPossible)
  console.warn("SKIPPED: sweeps over machines, as redis-server or the right to make networks is missing");

const RUNS = 16;
const JOBS = [`seed=range(0,${RUNS})`, "trace.requests=1500"];

function machine(): Machine {
  const started = startMachine();
  onTestFinished(() => started.stop());
  return started;
}

/** A worker on `machine`; ended with the test. */
function workerOn({ commandPrefix }: Machine, cwd: string, name: string, url: string): RunningCommand {
  const folder = join(cwd, name);
  mkdirSync(folder);
  const words = ["worker", "--redis", url, "--workers", "1", "--cache", "inputs", "--lost-after", "1"];
  const running = startProgram(folder, [...commandPrefix(join(cwd, "queued")), process.execPath, BIN, ...words]);
  onTestFinished(async () => {
    running.kill("SIGKILL");
    await running.outcome;
  });
  return running;
}

const runsDone = ({ stderrSoFar }: RunningCommand) => stderrSoFar().match(/1 run done/g)?.length ?? 0;

describe.skipIf(!isPossible)("a sweep over two machines", () => {
  test("has the bytes of one in a single process, also when one of them loses its network", async () => {
    const cwd = workingDirectory();
    mkdirSync(join(cwd, "queued"));
    const [left, right] = [machine(), machine()];
    const server = await redis({ addresses: [left.hostAddress, right.hostAddress] });
    await runReference(cwd, JOBS);
    const urlFor = ({ hostAddress }: Machine) => server.url.replace("127.0.0.1", hostAddress);
    const first = workerOn(left, cwd, "left", urlFor(left));
    const running = startSweep(cwd, "queued", [...JOBS, ...overQueue(server)]);
    await until(() => runsDone(first) > 0);
    workerOn(right, cwd, "right", urlFor(right));
    left.cutCable();
    const { status, stderr } = await running.outcome;
    expect(status, stderr).toBe(0);
    expect(completeRuns(cwd, "queued", RUNS)).toBe(RUNS);
    expectSameResults(cwd, "queued");
  });
});
