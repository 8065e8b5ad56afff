import { spawn } from "node:child_process";
import { readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { hostname, userInfo } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { acquireLock } from "../../src/sweep/lock.ts";
import { temporaryDirectory } from "../results/temporary-directory.ts";

function writeLock(directory: string, owner: object, number = 1): string {
  const path = join(directory, `sweep.lock.${number}`);
  writeFileSync(path, JSON.stringify({ startedAt: "then", token: "t", processStart: null, ...owner }));
  return path;
}

async function deadProcess(): Promise<number> {
  const child = spawn(process.execPath, ["-e", ""]);
  await new Promise((resolve) => child.on("exit", resolve));
  return child.pid!;
}

describe("the lock of a sweep", () => {
  it("is had by one owner at a time, and free after its release", () => {
    const directory = temporaryDirectory();
    const lock = acquireLock(directory);
    expect(() => acquireLock(directory)).toThrow(
      `in use by process ${process.pid} of ${userInfo().username} on ${hostname()}, for 1 s`,
    );
    expect(readdirSync(directory)).toEqual(["sweep.lock.1"]);
    lock.release();
    expect(readdirSync(directory)).toEqual([]);
    acquireLock(directory).release();
  });

  it("passes at once from an owner that died", async () => {
    const directory = temporaryDirectory();
    writeLock(directory, { pid: await deadProcess(), host: hostname() });
    const lock = acquireLock(directory);
    expect(readdirSync(directory)).toEqual(["sweep.lock.2"]);
    lock.release();
  });

  it("passes at once from an owner whose process number another process has now", () => {
    const directory = temporaryDirectory();
    writeLock(directory, { pid: process.pid, host: hostname(), processStart: "1" });
    acquireLock(directory).release();
  });

  it("stays with a live owner on this host, of whatever number its lock is", () => {
    const directory = temporaryDirectory();
    writeLock(directory, { pid: process.ppid, host: hostname() }, 7);
    expect(() => acquireLock(directory)).toThrow(`process ${process.ppid}`);
    expect(readdirSync(directory)).toEqual(["sweep.lock.7"]);
  });

  it("stays with an owner on another host while its heart beats, and passes from it afterwards", () => {
    const directory = temporaryDirectory();
    const path = writeLock(directory, { pid: 1, host: "elsewhere.example" });
    expect(() => acquireLock(directory)).toThrow("on elsewhere.example");
    const longAgo = new Date(Date.now() - 3_600_000);
    utimesSync(path, longAgo, longAgo);
    acquireLock(directory).release();
  });

  it.each(["", "{", "null", "[]", '{"pid":-1}', '{"pid":"1"}'])("is not held by an unreadable file (%j)", (text) => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, "sweep.lock.3"), text);
    acquireLock(directory).release();
    expect(readdirSync(directory)).toEqual([]);
  });

  it("tells the owner and the file in its message and hint", () => {
    const directory = temporaryDirectory();
    const lock = acquireLock(directory);
    try {
      acquireLock(directory);
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ code: "SWEEP", hint: expect.stringContaining(join(directory, "sweep.lock.1")) });
    }
    expect(JSON.parse(readFileSync(join(directory, "sweep.lock.1"), "utf8")).pid).toBe(process.pid);
    lock.release();
  });
});
