/** A sweep's directory: made together with its plan, and read back for a resume. */
import { existsSync, linkSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { SweepError } from "../errors.ts";
import {
  fileError,
  isSystemError,
  makeDirectories,
  removeTemporaries,
  syncDirectory,
  temporaryPath,
  writeFileAtomically,
} from "../results/durable-files.ts";
import { PACKS_NAME } from "./packs/read-packs.ts";
import { checkPlan, formatPlan, PLAN_NAME, type PlanEntry, parsePlan, type SweepPlan } from "./plan.ts";

/** In a sweep's folder, and in the `.hydra` of a single run: what set every leaf of the first run's configuration: a path, a tab, and `file:line:column` or the override, a line each. */
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

/** Other sweeps may be appearing in the same folder; making one takes seconds. */
const LEFTOVER_SECONDS = 3600;

function createDirectory(target: string, plan: SweepPlan, files: ReadonlyMap<string, string>): void {
  makeDirectories(dirname(target));
  removeTemporaries(dirname(target), LEFTOVER_SECONDS);
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
    if (isSystemError(error, "ENOENT", "ENOTDIR")) throw noSweep(sweepDir, error);
    throw fileError("cannot read the plan of the sweep", error);
  }
  return parsePlan(text, path);
}

/** Throws a `SWEEP` error unless a plan is in `sweepDir`. */
export function requireSweep(sweepDir: string): void {
  if (!holdsSweep(sweepDir)) throw noSweep(sweepDir);
}

function noSweep(sweepDir: string, cause?: unknown): SweepError {
  return new SweepError("SWEEP", `'${sweepDir}' holds no sweep, expected a directory with ${PLAN_NAME}`, { cause });
}

/** Absolute path of a run's directory. */
export function outputDirOf(sweepDir: string, entry: PlanEntry): string {
  return resolve(sweepDir, ...entry.subdir.split("/"));
}

/** Replaces the plan of a recorded sweep. Only the owner of the sweep's lock may do so. */
export function replacePlan(sweepDir: string, plan: SweepPlan): void {
  checkPlan(plan);
  try {
    writeFileAtomically(join(sweepDir, PLAN_NAME), formatPlan(plan));
  } catch (error) {
    throw fileError("cannot write the plan of the sweep", error);
  }
}

/** Whether a plan is in `sweepDir`. */
export function holdsSweep(sweepDir: string): boolean {
  return existsSync(join(sweepDir, PLAN_NAME));
}

/** Removes what killed writers left of the sweep's runs and files. Only the owner of the sweep's lock may do so. */
export function removeLeftovers(sweepDir: string, plan: SweepPlan): void {
  const directories = new Set([resolve(sweepDir), resolve(sweepDir, PACKS_NAME)]);
  for (const entry of plan.rowsPerPack === undefined ? plan.entries : []) {
    const outputDir = outputDirOf(sweepDir, entry);
    directories.add(dirname(outputDir));
    directories.add(outputDir);
  }
  for (const directory of directories) removeTemporaries(directory);
}
