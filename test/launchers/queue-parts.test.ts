import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { InputCache } from "../../src/sweep/launchers/bullmq/input-store.ts";
import { decodeRuns, encodeRuns, type JobData, jobIdOf, relocated } from "../../src/sweep/launchers/bullmq/job.ts";
import { parseReport } from "../../src/sweep/launchers/bullmq/job-report.ts";
import { QueueWorker } from "../../src/sweep/launchers/bullmq/queue-worker.ts";
import { holdsPassword, redisAddress } from "../../src/sweep/launchers/bullmq/redis-address.ts";
import { archiveOf, filesOf } from "../../src/sweep/launchers/bullmq/run-archive.ts";
import { temporaryDirectory } from "../results/temporary-directory.ts";

const bytesOf = (content: unknown): Buffer =>
  typeof content === "string" ? Buffer.from(content) : Buffer.concat([...(content as Iterable<Uint8Array>)]);

describe("the archive of a run", () => {
  test("gives every file back, whatever its pieces, also in another order", () => {
    const piece = fc.oneof(fc.string(), fc.uint8Array({ maxLength: 50 }));
    fc.assert(
      fc.property(fc.dictionary(fc.string({ minLength: 1 }), fc.array(piece), { maxKeys: 6 }), (files) => {
        const contents = new Map(Object.entries(files).map(([name, pieces]) => [name, pieces as string[]]));
        const unpacked = filesOf(archiveOf(contents));
        expect(unpacked.isWhole).toBe(true);
        for (const [name, pieces] of [...contents].reverse()) {
          const expected = Buffer.concat(pieces.map((part) => Buffer.from(part)));
          expect(bytesOf(unpacked.contents.get(name)).equals(expected)).toBe(true);
        }
      }),
    );
  });

  test("holds files larger than a piece", () => {
    const large = Buffer.alloc(9 * 1024 * 1024 + 7);
    for (let i = 0; i < large.length; i += 1024) large[i] = i / 1024;
    const archive = archiveOf(new Map([["large", large]]));
    expect(archive.pieces.length).toBe(3);
    expect(bytesOf(filesOf(archive).contents.get("large")).equals(large)).toBe(true);
    expect(filesOf({ ...archive, pieces: archive.pieces.slice(1) }).isWhole).toBe(false);
  });
});

const sha256 = createHash("sha256").update("trace").digest("hex");
const spec = {
  files: new Map([["t.csv", { absolutePath: "/home/me/t.csv", sha256 }]]),
  limit: Number.POSITIVE_INFINITY,
};

describe("a job", () => {
  const run = { number: 3, runId: "id", keepsFiles: true, spec };

  test("carries what JSON lacks, and no path of the machine that made it", () => {
    const [decoded] = decodeRuns(encodeRuns([run]));
    expect(decoded).toEqual({ ...run, spec: relocated(spec, () => "") });
    const own = relocated(decoded.spec, (hash) => `/cache/${hash}`) as typeof spec;
    expect(own.files.get("t.csv")).toEqual({ absolutePath: `/cache/${sha256}`, sha256 });
  });

  test.each([["", "AAAA", encodeRuns([{ number: "x" } as never])]].flat())(
    "is refused if it is none of ours (%#)",
    (text) => {
      expect(() => decodeRuns(text)).toThrow(/The queue holds a job/);
    },
  );

  test("names the same work the same, and that of another sweep otherwise", () => {
    const data: JobData = { madeBy: "x", runs: encodeRuns([run]), inputs: [], retries: 0, timeoutSeconds: null };
    expect(jobIdOf("a", data)).toBe(jobIdOf("a", { ...data }));
    expect(jobIdOf("a", data)).not.toBe(jobIdOf("b", data));
  });

  test.each(["../../etc/passwd", "", `${sha256}/..`, sha256.toUpperCase()])("cannot name the file '%s'", (name) => {
    expect(() => new InputCache(temporaryDirectory()).pathOf(name)).toThrow(/no SHA-256/);
  });
});

describe("the report of a job", () => {
  const result = { runId: "id", metrics: { completed: 1 }, notes: [] };
  const report = (run: object) => parseReport({ seconds: 1, runs: [{ retried: [], ...run }] }, [{ runId: "id" }]);

  test("is taken if it is one", () => {
    expect(report({ result })).toBeDefined();
    expect(report({ failure: { code: "SIMULATION", message: "stuck" } })).toBeDefined();
    expect(report({ result, piecesKey: "servesweep:result:1", files: [{ name: "a/b.csv", pieces: 1 }] })).toBeDefined();
  });

  test.each([
    ["of another run", { result: { ...result, runId: "other" } }],
    [
      "with a file outside the run's directory",
      { result, piecesKey: "servesweep:result:1", files: [{ name: "../x", pieces: 1 }] },
    ],
    [
      "with a marker of its own",
      { result, piecesKey: "servesweep:result:1", files: [{ name: "shard.json", pieces: 1 }] },
    ],
    ["with a key that is none of ours", { result, piecesKey: "secrets", files: [] }],
    ["with metrics that are no numbers", { result: { ...result, metrics: { completed: "1" } } }],
    ["with a failure of an unknown code", { failure: { code: "constructor", message: "" } }],
    ["that says nothing", {}],
  ])("is refused %s", (_, run) => {
    expect(report(run)).toBeUndefined();
  });
});

describe("the address of a server", () => {
  test("comes from the configuration, else from the environment; its password from either", () => {
    expect(redisAddress(undefined, {})).toMatchObject({ host: "127.0.0.1", port: 6379, password: undefined });
    const environment = { SERVESWEEP_REDIS_URL: "rediss://me:p%40ss@[::1]:7/2", SERVESWEEP_REDIS_PASSWORD: "other" };
    expect(redisAddress(undefined, environment)).toEqual({
      host: "::1",
      port: 7,
      database: 2,
      username: "me",
      password: "p@ss",
      isEncrypted: true,
      shown: "rediss://[::1]:7/2",
    });
    expect(redisAddress("redis://there", environment)).toMatchObject({ host: "there", password: "other" });
  });

  test.each(["there:6379", "http://there", "redis://", "redis://there/x", "redis://there?a=b", "redis://:pass@/"])(
    "is refused without a word of '%s'",
    (url) => {
      expect(() => redisAddress(url, {})).toThrow(/^The address of the Redis server is malformed\.$/);
    },
  );

  test("is known to hold a password, also if it is malformed", () => {
    expect(["redis://:x@a", "redis://u:x@a", "x@a:99999"].map(holdsPassword)).toEqual([true, true, true]);
    expect(["redis://a", "rediss://u@a:1/2"].map(holdsPassword)).toEqual([false, false]);
  });
});

test("a worker does no job of another version", async () => {
  const processors: ((job: { data: Partial<JobData> }) => Promise<unknown>)[] = [];
  class Worker {
    constructor(_: string, process: (typeof processors)[number]) {
      processors.push(process);
    }
    on() {}
    async close() {}
  }
  const options = { queue: "q", threads: 1, workerUrl: new URL("file:///none.js"), lostAfterSeconds: 1, onJob() {} };
  const inputs = new InputCache(temporaryDirectory());
  const packages = { bullmq: { Worker } } as never;
  const worker = new QueueWorker(packages, {} as never, { ...options, madeBy: "servesweep 2", inputs });
  await expect(processors[0]({ data: { madeBy: "servesweep 1" } })).rejects.toThrow(
    "the sweep is of servesweep 1, the worker is servesweep 2",
  );
  await worker.close();
});
