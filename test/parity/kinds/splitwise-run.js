// One golden of SplitwiseSim: its overrides as a command line, and the run.
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";

function readJson(path) {
  return JSON.parse(readFileSync(path, "utf8"));
}

/**
 * Resolves to the run's exit status and what it wrote to stderr. With `configPath`, the folder of SplitwiseSim's own
 * configuration, that is composed; otherwise ours with compat=splitwise.
 */
export function runGolden(golden, { project, traceDirs, outputDir, configPath }) {
  const { overrides, trace, numpy_seed: numpySeed } = readJson(join(golden, "overrides.json"));
  const traceName = basename(trace);
  const traceDir = traceDirs.find(
    (dir) => existsSync(join(dir, traceName)) || existsSync(join(dir, `${traceName}.gz`)),
  );
  const added = configPath === undefined ? "" : "+";
  const words = [
    ...(configPath === undefined ? ["compat=splitwise"] : ["-cp", configPath, "-cn", "config"]),
    ...Object.entries(overrides).map(([key, value]) => `${key}=${value}`),
    ...(traceDir === undefined ? [] : [`trace.dir='${traceDir}'`]),
    ...(numpySeed === undefined ? [] : [`${added}compat.numpy_seed=${numpySeed}`]),
    `output_dir='${outputDir}'`,
  ];
  return new Promise((done) => {
    const child = spawn(process.execPath, [join(project, "bin/sweep.js"), ...words], { cwd: project });
    let stderr = "";
    child.stderr.on("data", (text) => {
      stderr += text;
    });
    child.stdout.resume();
    child.on("close", (status) => done({ status, stderr }));
  });
}
