/** A finished run, from what is recorded of it, ready to be simulated again. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { isPlainMap, type PlainValue, readYaml } from "../../config/index.ts";
import { SweepError } from "../../errors.ts";
import { PACKAGE_DIR } from "../../inputs/package-info.ts";
import { PathResolver } from "../../inputs/path-resolver.ts";
import { loadPlugins } from "../../inputs/plugins/plugin.ts";
import { type PreparedRun, prepareRun } from "../../inputs/prepare-run.ts";
import { openWorkspace, workingDirectory } from "../../inputs/workspace.ts";
import { readMarker } from "../../results/shard-marker.ts";
import type { CompleteRun } from "../../sweep/complete-run.ts";
import { inspectSweep } from "../../sweep/inspect-sweep.ts";
import { holdsSweep } from "../../sweep/sweep-directory.ts";
import { displayPath } from "../display-path.ts";
import { recomposeJob } from "../jobs.ts";
import { contextOf, namedPlugins, recordedWorkspace } from "../plan-context.ts";
import { resumeCommand } from "../report-sweep.ts";

export interface RecordedRun {
  readonly prepared: PreparedRun;
  readonly recorded: Pick<CompleteRun, "runId" | "metrics">;
}

/** Of a run's folder, or of a sweep's with the number of a run. Errors: SweepError if there is no such complete run. */
export async function recordedRun(
  path: string,
  number: number | undefined,
  plugins: readonly string[],
): Promise<RecordedRun> {
  const run = holdsSweep(path) ? await runOfSweep(path, number, plugins) : await runOfFolder(path, plugins);
  const { prepared, recorded } = run;
  if (prepared.runId === recorded.runId) return run;
  throw new SweepError(
    "SWEEP",
    `The run in '${displayPath(path)}' cannot be made again: it was ${recorded.runId}, and its configuration and input files now give ${prepared.runId}.`,
    { hint: "Restore the files that it read, as they were, or run it anew." },
  );
}

async function runOfSweep(path: string, number: number | undefined, plugins: readonly string[]): Promise<RecordedRun> {
  const { plan, complete } = await inspectSweep(path, { depth: "markers" });
  const entry =
    number === undefined && plan.entries.length === 1
      ? plan.entries[0]
      : plan.entries.find((each) => each.number === number);
  if (entry === undefined) {
    const found = number === undefined ? "is a sweep" : `has no run ${number}`;
    const numbers = plan.entries.map((each) => each.number);
    throw new SweepError("USAGE", `'${displayPath(path)}' ${found}: a timeline shows one of its runs.`, {
      hint: `Choose one by --run, from ${Math.min(...numbers)} to ${Math.max(...numbers)}.`,
    });
  }
  const recorded = complete.get(entry.number);
  if (recorded === undefined) {
    throw new SweepError("USAGE", `Run ${entry.number} of '${displayPath(path)}' is not complete.`, {
      hint: `${resumeCommand(path, namedPlugins(path, contextOf(plan)))} goes on with the sweep.`,
    });
  }
  const context = contextOf(plan);
  const workspace = await recordedWorkspace(path, context, plugins);
  return { prepared: recomposeJob(workspace, context.hydraOverrides, entry), recorded };
}

const RECORDED_CONFIG = ".hydra/config.yaml";

async function runOfFolder(path: string, named: readonly string[]): Promise<RecordedRun> {
  const marker = readMarker(path);
  if (marker === undefined || typeof marker === "string") {
    throw new SweepError(
      "USAGE",
      `'${displayPath(path)}' holds no finished run${marker === undefined ? "" : `: ${marker}`}.`,
      {
        hint: "Name the folder of a run (sweep prints it as Results), or of a sweep with --run N.",
      },
    );
  }
  if (!existsSync(join(path, RECORDED_CONFIG))) {
    throw new SweepError(
      "USAGE",
      `'${displayPath(path)}' does not say how its run was composed: ${RECORDED_CONFIG} is missing.`,
      {
        hint: "A run that keeps no files (results.outputs=[]) has none. If it is of a sweep, name the sweep's folder and --run N.",
      },
    );
  }
  const { cwd, primaryConfigDir } = originOf(join(path, ".hydra/hydra.yaml"));
  const loaded = await loadPlugins(named, workingDirectory());
  const { composer, plugins } = openWorkspace(
    { configPath: resolve(path, ".hydra"), configName: "config" },
    cwd,
    loaded,
  );
  const resolver = new PathResolver({ cwd, primaryConfigDir, packageDir: PACKAGE_DIR });
  return { prepared: prepareRun(composer.compose([], { mode: "run" }), resolver, { plugins }), recorded: marker };
}

/** Where the run's configuration named files from; our own places if these are gone or not recorded. */
function originOf(file: string): { readonly cwd: string; readonly primaryConfigDir: string } {
  const recorded: PlainValue = existsSync(file)
    ? (readYaml(readFileSync(file, "utf8"), file).value as PlainValue)
    : null;
  const runtime = at(at(recorded, "hydra"), "runtime");
  const sources = at(runtime, "config_sources");
  const main = Array.isArray(sources) ? sources.find((source) => at(source, "provider") === "main") : undefined;
  return {
    cwd: folderOr(at(runtime, "cwd"), workingDirectory()),
    primaryConfigDir: folderOr(at(main, "path"), join(PACKAGE_DIR, "conf")),
  };
}

function at(value: PlainValue | undefined, key: string): PlainValue | undefined {
  return isPlainMap(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

function folderOr(value: PlainValue | undefined, other: string): string {
  return typeof value === "string" && statSync(value, { throwIfNoEntry: false })?.isDirectory() === true
    ? value
    : other;
}
