// `sweep report` on 10,000 complete runs, as a user starts it, packed rows or a folder each. Wall time and peak memory of the whole command.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const BIN = fileURLToPath(new URL("../../bin/sweep.js", import.meta.url));
const RUNS = 10_000;
/** Prints the peak of the process that it runs in, in KiB. */
const TELL_PEAK =
  "data:text/javascript,process.on('exit',()=>process.stderr.write('peak '+process.resourceUsage().maxRSS))";

/** `outputs`: what every run keeps. */
export function reportOf(outputs) {
  return () => ({
    run: () => {
      const cwd = mkdtempSync(join(tmpdir(), "servesweep-bench-"));
      try {
        const swept = `seed=range(0,${RUNS})`;
        const sweep = ["-m", swept, "trace.requests=10", `results.outputs=${outputs}`, "hydra.sweep.dir=s", "--quiet"];
        command(cwd, ...sweep);
        const start = performance.now();
        const { stderr } = command(cwd, "report", "s");
        const wallSeconds = (performance.now() - start) / 1000;
        const reportRssBytes = Number(/peak (\d+)/.exec(stderr)?.[1]) * 1024;
        return { jobs: RUNS, wallSeconds, reportRssBytes, reportBytes: statSync(join(cwd, "s/report.html")).size };
      } finally {
        rmSync(cwd, { recursive: true });
      }
    },
    warmUps: 0,
    repetitions: 1,
  });
}

function command(cwd, ...args) {
  const done = spawnSync(process.execPath, ["--import", TELL_PEAK, BIN, ...args], { cwd, encoding: "utf8" });
  if (done.status !== 0) throw new Error(done.stderr);
  return done;
}
