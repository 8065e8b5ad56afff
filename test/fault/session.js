// Sessions of the command on a sweep, and what they leave.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseMarker } from "../../dist/results/shard-marker.js";
import { parseRow } from "../../dist/sweep/packs/packed-row.js";

export const BIN = fileURLToPath(new URL("../../bin/sweep.js", import.meta.url));

/** Runs the command in `cwd`, killed after so many seconds unless it has ended by then. */
export function session(cwd, args, killAfterSeconds) {
  mkdirSync(cwd, { recursive: true });
  const start = performance.now();
  const child = spawn(process.execPath, [BIN, ...args], { cwd, stdio: ["ignore", "ignore", "pipe"] });
  let stderr = "";
  child.stderr.on("data", (text) => {
    stderr += text;
  });
  const timer =
    killAfterSeconds === undefined ? undefined : setTimeout(() => child.kill("SIGKILL"), 1000 * killAfterSeconds);
  return new Promise((resolve) => {
    child.on("close", (status, signal) => {
      clearTimeout(timer);
      const seconds = (performance.now() - start) / 1000;
      resolve({ status, killed: signal === "SIGKILL", seconds, stderr });
    });
  });
}

/** The complete runs of the sweep in `cwd`, read off its files without our own reader of sweeps; undefined without a plan. */
export function completeRuns(cwd) {
  const sweepDir = join(cwd, "s");
  if (!existsSync(join(sweepDir, "plan.jsonl"))) return undefined;
  const complete = new Set();
  for (const name of readdirSync(sweepDir)) {
    const marker = join(sweepDir, name, "shard.json");
    if (/^\d+$/.test(name) && existsSync(marker) && typeof parseMarker(readFileSync(marker, "utf8")) === "object") {
      complete.add(Number(name));
    }
  }
  const packs = join(sweepDir, "packs");
  for (const name of existsSync(packs) ? readdirSync(packs) : []) {
    if (!name.endsWith(".jsonl")) continue;
    const lines = readFileSync(join(packs, name), "utf8").split("\n").slice(0, -1);
    for (const line of lines) {
      const row = parseRow(line);
      if (row !== undefined) complete.add(row.number);
    }
  }
  return complete;
}

/** The runs that the journal calls done, and how many it calls so twice. */
export function journalledRuns(cwd) {
  const path = join(cwd, "s/journal.jsonl");
  const done = new Set();
  let doneTwice = 0;
  for (const line of existsSync(path) ? readFileSync(path, "utf8").split("\n").slice(0, -1) : []) {
    const { number, status } = JSON.parse(line);
    if (status !== "done") continue;
    if (done.has(number)) doneTwice++;
    done.add(number);
  }
  return { done, doneTwice };
}
