import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createRandomStream } from "../../src/sim/kernel/random.ts";
import { filesBelow, start, sweep, workingDirectory } from "../cli/command.ts";
import { isRedisInstalled } from "../servers/redis.js";
import {
  completeRuns,
  expectSameResults,
  overQueue,
  redis,
  runReference,
  startSweep,
  until,
  worker,
} from "./sweeps.ts";

if (!isRedisInstalled) console.warn("SKIPPED: sweeps over a queue, as redis-server is not installed");

const RUNS = 12;
const JOBS = [`seed=range(0,${RUNS})`, "trace.requests=1500"];

describe.skipIf(!isRedisInstalled)("a sweep over a queue", () => {
  test("has the bytes of one in a single process, with workers that share no folder with it", async () => {
    const cwd = workingDirectory();
    const server = await redis();
    const workers = [worker(cwd, "w1", server), worker(cwd, "w2", server)];
    await runReference(cwd, JOBS);
    const { status, stderr } = await startSweep(cwd, "queued", [...JOBS, ...overQueue(server)]).outcome;
    expect(status, stderr).toBe(0);
    expectSameResults(cwd, "queued");
    const jobs = workers.map(({ stderrSoFar }) => stderrSoFar().match(/1 run done/g)?.length ?? 0);
    expect(Math.min(...jobs)).toBeGreaterThan(0);
    for (const name of ["w1", "w2"]) {
      for (const file of filesBelow(join(cwd, name)).keys()) expect(file).toMatch(/^inputs\/[0-9a-f]{64}$/);
    }
  });

  test("packs short runs into jobs, and its rows into files, as any other", async () => {
    const cwd = workingDirectory();
    const server = await redis();
    worker(cwd, "w1", server);
    const words = ["seed=range(0,1200)", "trace.requests=5"];
    await runReference(cwd, words);
    const { status, stderr } = await startSweep(cwd, "queued", [...words, ...overQueue(server)]).outcome;
    expect(status, stderr).toBe(0);
    expectSameResults(cwd, "queued");
  });

  test("reports a failed run with its reason, after as many attempts as asked", async () => {
    const cwd = workingDirectory();
    const server = await redis();
    worker(cwd, "w1", server);
    const words = ["trace.requests=200,400000", "--timeout", "1", "--retries", "1", ...overQueue(server)];
    const { status, stderr } = await startSweep(cwd, "queued", words).outcome;
    expect(status).toBe(1);
    expect(stderr.match(/the run did not end within 1 s/g)).toHaveLength(2);
    expect(completeRuns(cwd, "queued", 2)).toBe(1);
  });

  test.each([
    ["that keeps its jobs (AOF)", true],
    ["that loses its jobs", false],
  ])("survives a kill and a restart of a server %s", async (_, appendOnly) => {
    const cwd = workingDirectory();
    const server = await redis({ appendOnly });
    worker(cwd, "w1", server);
    worker(cwd, "w2", server);
    await runReference(cwd, JOBS);
    const running = startSweep(cwd, "queued", [...JOBS, ...overQueue(server)]);
    await until(() => completeRuns(cwd, "queued", RUNS) >= 3);
    await server.kill();
    await until(() => running.stderrSoFar().includes("is away"));
    await server.start();
    const { status, stderr } = await running.outcome;
    expect(status, stderr).toBe(0);
    expectSameResults(cwd, "queued");
  });

  test("stops when the server stays away, and resumes", async () => {
    const cwd = workingDirectory();
    const server = await redis();
    worker(cwd, "w1", server);
    await runReference(cwd, JOBS);
    const running = startSweep(cwd, "queued", [...JOBS, ...overQueue(server), "hydra.launcher.patience=0.5"]);
    await until(() => completeRuns(cwd, "queued", RUNS) >= 2);
    await server.kill();
    const { status, stderr } = await running.outcome;
    expect(status).toBe(1);
    expect(stderr).toContain(`The Redis server at ${server.url} was away for 0.5 s.`);
    await server.start();
    const resumed = await sweep(join(cwd, "queued"), "--resume", "s");
    expect(resumed.status, resumed.stderr).toBe(0);
    expectSameResults(cwd, "queued");
  });

  test("loses no run when workers are killed at random instants", async () => {
    const cwd = workingDirectory();
    const server = await redis();
    const random = createRandomStream(1, "kills");
    await runReference(cwd, JOBS);
    const running = startSweep(cwd, "queued", [...JOBS, ...overQueue(server)]);
    for (let kill = 0; kill < 4; kill++) {
      const before = completeRuns(cwd, "queued", RUNS);
      const victim = worker(cwd, `w${kill}`, server);
      await until(() => completeRuns(cwd, "queued", RUNS) > before + Math.floor(2 * random.uniform()));
      victim.kill("SIGKILL");
      await victim.outcome;
    }
    worker(cwd, "last", server);
    const { status, stderr } = await running.outcome;
    expect(status, stderr).toBe(0);
    expectSameResults(cwd, "queued");
  });

  test("goes on where a killed submitter stopped", async () => {
    const cwd = workingDirectory();
    const server = await redis();
    worker(cwd, "w1", server);
    await runReference(cwd, JOBS);
    const running = startSweep(cwd, "queued", [...JOBS, ...overQueue(server)]);
    await until(() => completeRuns(cwd, "queued", RUNS) >= 2);
    running.kill("SIGKILL");
    await running.outcome;
    const resumed = await sweep(join(cwd, "queued"), "--resume", "s");
    expect(resumed.status, resumed.stderr).toBe(0);
    expectSameResults(cwd, "queued");
  });

  test("takes jobs back that nobody has begun when it is interrupted", async () => {
    const cwd = workingDirectory();
    const server = await redis();
    worker(cwd, "w1", server);
    const running = startSweep(cwd, "queued", [...JOBS, ...overQueue(server)]);
    await until(() => completeRuns(cwd, "queued", RUNS) >= 1);
    running.kill("SIGINT");
    const { status, stderr } = await running.outcome;
    expect(status).toBe(130);
    expect(stderr).toContain("--resume");
    expect(completeRuns(cwd, "queued", RUNS)).toBeLessThan(RUNS);
  });

  test("keeps the password out of its files, its messages and the list of processes", async () => {
    const cwd = workingDirectory();
    const server = await redis({ password: "open-sesame" });
    const secret = { url: server.url.replace("//", "//:open-sesame@") };
    const asWorker = worker(cwd, "w1", { ...server, ...secret });
    await until(() => asWorker.stderrSoFar().includes("worker of queue"));
    expect(execFileSync("ps", ["-o", "args=", "-p", String(asWorker.pid)], { encoding: "utf8" }).trim()).toBe(
      "sweep worker",
    );
    const words = ["-m", "seed=0,1", "trace.requests=50", "hydra/launcher=bullmq", "hydra.sweep.dir=s"];
    const { status, stderr } = await start(cwd, words, { SERVESWEEP_REDIS_URL: secret.url }).outcome;
    expect(status, stderr).toBe(0);
    expect(stderr + asWorker.stderrSoFar()).not.toContain("open-sesame");
    for (const [file, text] of filesBelow(cwd)) expect(text.includes("open-sesame"), file).toBe(false);
    const refused = await sweep(cwd, ...words, "hydra.sweep.dir=t", `hydra.launcher.url="${secret.url}"`);
    expect(refused.status).toBe(2);
    expect(refused.stderr).toMatch(/holds a password/);
    expect(refused.stderr).not.toContain("open-sesame");
  });

  test("goes over TLS, and trusts no certificate that it is not told to trust", async () => {
    const cwd = workingDirectory();
    const certificate = { cert: join(cwd, "cert.pem"), key: join(cwd, "key.pem") };
    const request = `req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost -keyout ${certificate.key} -out ${certificate.cert}`;
    execFileSync("openssl", request.split(" "), { stdio: "pipe" });
    const server = await redis({ certificate });
    const trusting = { NODE_EXTRA_CA_CERTS: certificate.cert };
    worker(cwd, "w1", server, trusting);
    const words = ["seed=0,1", "trace.requests=50", ...overQueue(server)];
    const trusted = await startSweep(cwd, "trusting", words, trusting).outcome;
    expect(trusted.status, trusted.stderr).toBe(0);
    const { status, stderr } = await startSweep(cwd, "distrusting", words).outcome;
    expect(status).toBe(1);
    expect(stderr).toMatch(/There is no connection to Redis at rediss:.*certificate/);
  });

  test.each([
    ["a wrong password", (url: string) => url.replace("//", "//:wrong@"), 2, /refuses the user or the password/],
    ["no password", (url: string) => url, 2, /refuses the user or the password/],
    ["a malformed address", () => "localhost", 2, /The address of the Redis server is malformed/],
    ["no server", () => "redis://127.0.0.1:1", 1, /There is no connection to Redis at redis:\/\/127\.0\.0\.1:1/],
  ])("says so, and ends, with %s", async (_, urlOf, expected, message) => {
    const cwd = workingDirectory();
    const server = await redis({ password: "open-sesame" });
    const asWorker = await start(cwd, ["worker", "--redis", urlOf(server.url)]).outcome;
    expect([asWorker.status, asWorker.stderr]).toEqual([expected, expect.stringMatching(message)]);
    const words = ["-m", "seed=0,1", "trace.requests=50", "hydra/launcher=bullmq"];
    const asSubmitter = await start(cwd, words, { SERVESWEEP_REDIS_URL: urlOf(server.url) }).outcome;
    expect([asSubmitter.status, asSubmitter.stderr]).toEqual([expected, expect.stringMatching(message)]);
  });
});

test("the command needs neither bullmq nor ioredis until it is asked for them", () => {
  const command = readFileSync(join(import.meta.dirname, "../../package.json"), "utf8");
  const { dependencies, optionalDependencies } = JSON.parse(command);
  expect(Object.keys(optionalDependencies)).toEqual(expect.arrayContaining(["bullmq", "ioredis"]));
  expect(dependencies).not.toHaveProperty("bullmq");
});
