/** A sweep's directory: made together with its plan, and read back for a resume. */
import { existsSync, linkSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { SweepError } from "../errors.ts";
import {
  fileError,
  isSystemError,
  removeTemporaries,
  syncDirectory,
  temporaryPath,
  writeFileAtomically,
} from "../results/durable-files.ts";
import { checkPlan, formatPlan, PLAN_NAME, type PlanEntry, parsePlan, type SweepPlan } from "./plan.ts";

/** What set every leaf of the first run's configuration: a path, a tab, and `file:line:column` or the override, a line each. */
export const ORIGINS_NAME = "origins.tsv";

/**
 * Makes the sweep's directory with its plan and the given further files (such as `multirun.yaml`) in it: either there is no
 * plan, or the sweep can be resumed. An existing directory without a plan gets the files added, the plan last.
 */
export function createSweep(sweepDir: string, plan: SweepPlan, files: ReadonlyMap<string, string> = new Map()): void {
  checkPlan(plan);
  const target = resolve(sweepDir);
  try {
    if (existsSync(join(target, PLAN_NAME))) throw alreadyPlanned(sweepDir);
    if (existsSync(target) && readdirSync(target).length > 0) addToDirectory(target, plan, files);
    else createDirectory(target, plan, files);
  } catch (error) {
    if (isSystemError(error, "EEXIST", "ENOTEMPTY")) throw alreadyPlanned(sweepDir);
    throw fileError(`cannot create the sweep directory '${sweepDir}'`, error);
  }
}

function createDirectory(target: string, plan: SweepPlan, files: ReadonlyMap<string, string>): void {
  mkdirSync(dirname(target), { recursive: true });
  const temporary = temporaryPath(dirname(target));
  try {
    mkdirSync(temporary);
    for (const [name, text] of files) writeFileAtomically(join(temporary, name), text);
    writeFileAtomically(join(temporary, PLAN_NAME), formatPlan(plan));
    renameSync(temporary, target);
    syncDirectory(dirname(target));
  } catch (error) {
    rmSync(temporary, { recursive: true, force: true });
    throw error;
  }
}

/** The plan is linked, not renamed, so that of two processes only one can add its own. */
function addToDirectory(target: string, plan: SweepPlan, files: ReadonlyMap<string, string>): void {
  for (const [name, text] of files) writeFileAtomically(join(target, name), text);
  const temporary = temporaryPath(target);
  try {
    writeFileSync(temporary, formatPlan(plan), { flag: "wx", flush: true });
    linkSync(temporary, join(target, PLAN_NAME));
  } finally {
    rmSync(temporary, { force: true });
  }
  syncDirectory(target);
}

function alreadyPlanned(sweepDir: string): SweepError {
  return new SweepError("SWEEP", `'${sweepDir}' already holds a sweep, expected a new or empty directory`, {
    hint: `go on with that sweep by --resume ${sweepDir}, or choose another hydra.sweep.dir`,
  });
}

/** The plan in `sweepDir`. Throws a `SWEEP` error if there is none or it is damaged. */
export function readPlan(sweepDir: string): SweepPlan {
  const path = join(sweepDir, PLAN_NAME);
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (isSystemError(error, "ENOENT", "ENOTDIR")) {
      throw new SweepError("SWEEP", `'${sweepDir}' holds no sweep, expected a directory with ${PLAN_NAME}`, {
        cause: error,
      });
    }
    throw fileError("cannot read the plan of the sweep", error);
  }
  return parsePlan(text, path);
}

/** Absolute path of a run's directory. */
export function outputDirOf(sweepDir: string, entry: PlanEntry): string {
  return resolve(sweepDir, ...entry.subdir.split("/"));
}

/** Removes what killed writers left of the sweep's runs and files. Only the owner of the sweep's lock may do so. */
export function removeLeftovers(sweepDir: string, plan: SweepPlan): void {
  const directories = new Set([resolve(sweepDir)]);
  for (const entry of plan.entries) {
    const outputDir = outputDirOf(sweepDir, entry);
    directories.add(dirname(outputDir));
    directories.add(outputDir);
  }
  for (const directory of directories) removeTemporaries(directory);
}
