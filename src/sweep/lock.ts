/** The lock of a sweep's directory: one process at a time, and a dead owner is never waited for. */
import { randomBytes } from "node:crypto";
import { linkSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { hostname, userInfo } from "node:os";
import { join } from "node:path";
import { SweepError } from "../errors.ts";
import { fileError, isSystemError, temporaryPath } from "../results/durable-files.ts";
import { formatDuration } from "./progress.ts";

export interface LockOwner {
  /** Name of the account. */
  readonly user: string;
  readonly pid: number;
  readonly host: string;
  /** When the process started, in the system's own units; tells a process from a later one with its number. */
  readonly processStart: string | null;
  /** When the lock was taken, for people. */
  readonly startedAt: string;
  readonly token: string;
}

export interface SweepLock {
  release(): void;
}

const LOCK_NAME = /^sweep\.lock\.([1-9][0-9]{0,14})$/;
const HEARTBEAT_SECONDS = 10;
/** An owner on another host cannot be asked; it counts as dead once it missed this many seconds of heartbeats. */
const REMOTE_SILENCE_SECONDS = 60;

/**
 * Takes the lock of `sweepDir`, or throws a `SWEEP` error that names the live owner.
 *
 * Locks are files `sweep.lock.N`, each made at once with its content by a hard link. A new owner takes a number above all that are
 * there and then looks again: it withdraws if any other lock has a live owner. So two processes that find the same dead
 * lock cannot both win, and nobody ever deletes a lock that could be alive.
 */
export function acquireLock(sweepDir: string): SweepLock {
  const owner: LockOwner = {
    user: userName(),
    pid: process.pid,
    host: hostname(),
    processStart: processStart(process.pid),
    startedAt: new Date().toISOString(),
    token: randomBytes(8).toString("hex"),
  };
  const own = createLock(sweepDir, owner);
  const release = () => rmSync(join(sweepDir, own), { force: true });
  const locks = locksIn(sweepDir);
  const ownTime = modificationTime(join(sweepDir, own));
  // Another new owner took this lock for a dead one of the same name; it has finished since, or is refused too.
  if (ownTime === undefined || !locks.includes(own)) return acquireLock(sweepDir);
  const others = locks.filter((name) => name !== own);
  for (const name of others) {
    const rival = liveOwner(sweepDir, name, ownTime);
    if (rival === undefined) continue;
    release();
    throw inUse(sweepDir, name, rival);
  }
  for (const name of others) rmSync(join(sweepDir, name), { force: true });
  const heartbeat = setInterval(() => touch(join(sweepDir, own)), HEARTBEAT_SECONDS * 1000);
  heartbeat.unref();
  return {
    release() {
      clearInterval(heartbeat);
      release();
    },
  };
}

function createLock(sweepDir: string, owner: LockOwner): string {
  try {
    for (;;) {
      const highest = Math.max(0, ...locksIn(sweepDir).map(numberOf));
      const name = `sweep.lock.${highest + 1}`;
      const temporary = temporaryPath(sweepDir);
      try {
        writeFileSync(temporary, JSON.stringify(owner), { flag: "wx" });
        linkSync(temporary, join(sweepDir, name));
        return name;
      } catch (error) {
        if (!isSystemError(error, "EEXIST")) throw error;
      } finally {
        rmSync(temporary, { force: true });
      }
    }
  } catch (error) {
    throw fileError(`cannot lock the sweep directory '${sweepDir}'`, error);
  }
}

function locksIn(sweepDir: string): string[] {
  return readdirSync(sweepDir)
    .filter((name) => LOCK_NAME.test(name))
    .sort((a, b) => numberOf(a) - numberOf(b));
}

function numberOf(name: string): number {
  return Number(LOCK_NAME.exec(name)![1]);
}

/** Milliseconds on the clock of the file system; undefined if there is no such file. */
function modificationTime(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs;
}

/** The owner of the lock `name` unless it is dead, or its lock is gone or unreadable (cut short by a power failure). */
function liveOwner(sweepDir: string, name: string, now: number): LockOwner | undefined {
  const path = join(sweepDir, name);
  let owner: LockOwner;
  try {
    owner = JSON.parse(readFileSync(path, "utf8")) as LockOwner;
  } catch (error) {
    if (error instanceof SyntaxError || isSystemError(error, "ENOENT")) return undefined;
    throw error;
  }
  // Both times come from the clock of the file system, so hosts need not agree.
  const silenceSeconds = (now - (modificationTime(path) ?? 0)) / 1000;
  if (owner === null || typeof owner !== "object" || !Number.isSafeInteger(owner.pid) || owner.pid <= 0)
    return undefined;
  if (owner.host !== hostname()) return silenceSeconds < REMOTE_SILENCE_SECONDS ? owner : undefined;
  if (!isRunning(owner.pid)) return undefined;
  const start = processStart(owner.pid);
  return start === null || owner.processStart === null || start === owner.processStart ? owner : undefined;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !isSystemError(error, "ESRCH");
  }
}

/** Field 22 of /proc/PID/stat (proc(5)), clock ticks since boot; null where there is no such file. A zombie has ended. */
function processStart(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? "ended" : fields[19];
  } catch {
    return null;
  }
}

function touch(path: string): void {
  try {
    const now = new Date();
    utimesSync(path, now, now);
  } catch {
    // A lost heartbeat matters only to other hosts, and the next one comes soon.
  }
}

/** The live owner of the lock of `sweepDir`, if there is one. Changes nothing. */
export function currentOwner(sweepDir: string): LockOwner | undefined {
  for (const name of locksIn(sweepDir)) {
    const owner = liveOwner(sweepDir, name, Date.now());
    if (owner !== undefined) return owner;
  }
  return undefined;
}

/** Such as `process 12 of ada on host7, for 3 min 20 s`. */
export function describeOwner({ pid, user, host, startedAt }: LockOwner): string {
  const seconds = (Date.now() - Date.parse(startedAt)) / 1000;
  const age = seconds >= 0 ? `for ${formatDuration(seconds)}` : `since ${startedAt}`;
  return `process ${pid}${user === undefined ? "" : ` of ${user}`} on ${host}, ${age}`;
}

/** Accounts without a name have a number. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.());
  }
}

function inUse(sweepDir: string, name: string, owner: LockOwner): SweepError {
  return new SweepError("SWEEP", `the sweep in '${sweepDir}' is in use by ${describeOwner(owner)}`, {
    hint: `wait for it or end it; if that process is certainly gone, delete ${join(sweepDir, name)}`,
  });
}
