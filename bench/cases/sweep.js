// A sweep of 10,000 short runs on two workers, as a user starts it, and its resume when all of them are complete. Wall time, of the whole command.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const BIN = fileURLToPath(new URL("../../bin/sweep.js", import.meta.url));
const RUNS = 10_000;

/** `requests`: of each run; 400 take about 1 ms. */
export function sweepOf(requests) {
  return () => ({
    run: () => inTemporaryDirectory((cwd) => ({ jobs: RUNS, wallSeconds: secondsOf(cwd, ...sweep(requests)) })),
    warmUps: 0,
    repetitions: 1,
  });
}

export function resume() {
  return {
    run: () =>
      inTemporaryDirectory((cwd) => {
        secondsOf(cwd, ...sweep(10));
        return { jobs: RUNS, wallSeconds: secondsOf(cwd, "--resume", "s", "--quiet") };
      }),
    warmUps: 0,
    repetitions: 1,
  };
}

function sweep(requests) {
  return ["-m", `seed=range(0,${RUNS})`, `trace.requests=${requests}`, "hydra.sweep.dir=s", "--workers=2", "--quiet"];
}

function secondsOf(cwd, ...args) {
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, [BIN, ...args], { cwd, encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return (performance.now() - start) / 1000;
}

function inTemporaryDirectory(run) {
  const cwd = mkdtempSync(join(tmpdir(), "servesweep-bench-"));
  try {
    return run(cwd);
  } finally {
    rmSync(cwd, { recursive: true });
  }
}
