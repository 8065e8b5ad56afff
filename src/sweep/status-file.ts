/**
 * `sweep.status.json`: how fast a running sweep goes, for whoever looks from another terminal. It is there only while the
 * sweep runs, believed only while its owner lives, and no part of the results.
 */
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryPath } from "../results/durable-files.ts";
import type { Progress, ProgressCounts } from "./progress.ts";

const STATUS_NAME = "sweep.status.json";
const WRITE_MILLISECONDS = 1000;

export interface SweepSpeed extends ProgressCounts {
  /** Seconds since this session of the sweep began to run. */
  readonly seconds: number;
  /** Runs that ended in this session. */
  readonly ended: number;
}

/** Writes about once a second. */
export function statusFile(sweepDir: string, now: () => number = () => performance.now()): Progress {
  const path = join(sweepDir, STATUS_NAME);
  let start = 0;
  let before = 0;
  let written = 0;
  let latest: ProgressCounts | undefined;
  let timer: NodeJS.Timeout | undefined;
  const write = () => {
    if (latest === undefined) return;
    written = now();
    const ended = latest.done + latest.failed - before;
    const speed: SweepSpeed = { ...latest, seconds: (written - start) / 1000, ended };
    quietly(() => {
      const temporary = temporaryPath(sweepDir);
      writeFileSync(temporary, JSON.stringify(speed), { flag: "wx" });
      renameSync(temporary, path);
    });
  };
  return {
    start(counts) {
      start = now();
      before = counts.done + counts.failed;
      latest = counts;
      write();
      timer = setInterval(write, WRITE_MILLISECONDS);
      timer.unref();
    },
    update(counts) {
      latest = counts;
      // Runs in this very thread leave the timer no turn.
      if (now() - written >= 2 * WRITE_MILLISECONDS) write();
    },
    stop() {
      clearInterval(timer);
      quietly(() => rmSync(path, { force: true }));
    },
  };
}

/** Undefined if no sweep is running, or what is there is not ours. */
export function readStatusFile(sweepDir: string): SweepSpeed | undefined {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(join(sweepDir, STATUS_NAME), "utf8"));
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  const record = value as Record<string, unknown>;
  const names = ["total", "done", "failed", "running", "requests", "seconds", "ended"] as const;
  if (!names.every((name) => Number.isFinite(record[name]))) return undefined;
  return Object.fromEntries(names.map((name) => [name, record[name]])) as unknown as SweepSpeed;
}

/** A sweep is worth more than the news of it: a full disk is reported by what matters. */
function quietly(action: () => void): void {
  try {
    action();
  } catch {
    // See above.
  }
}
