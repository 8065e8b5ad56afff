/** Writes the files of a run so that its directory is complete or absent, whatever is killed when. */
import { createHash } from "node:crypto";
import {
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { invariant, SweepError } from "../errors.ts";
import { fileError, makeDirectories, syncDescriptors, syncDirectory, temporaryPath } from "./durable-files.ts";
import type { FileContent } from "./file-content.ts";
import { RESULT_FORMAT_VERSION } from "./format-version.ts";
import type { RunMetrics } from "./metrics.ts";
import { isSafeRelativeName } from "./relative-name.ts";
import { SHARD_NAMES } from "./run-files.ts";
import { formatMarker, MARKER_NAME, readMarker, type ShardFile, type ShardMarker } from "./shard-marker.ts";

/** What the marker says besides the files. */
export interface ShardDescription {
  readonly runId: string;
  readonly metrics: RunMetrics;
  readonly notes?: readonly string[] | undefined;
}

/** Files written and synced together; bounds the open descriptors. */
const BATCH_SIZE = 32;

/**
 * Makes `targetDir` the shard of a run and resolves to its marker. What an earlier run left there is replaced; files that are
 * nobody's shard are kept. Rejects with a `FILE` error if the disk refuses, and then leaves nothing half done in sight.
 */
export async function writeShard(
  targetDir: string,
  files: ReadonlyMap<string, FileContent>,
  description: ShardDescription,
): Promise<ShardMarker> {
  for (const name of files.keys()) {
    invariant(isSafeRelativeName(name) && name !== MARKER_NAME, `'${name}' is not a name for a file of a shard`);
  }
  const target = resolve(targetDir);
  let temporary: string | undefined;
  try {
    makeDirectories(dirname(target));
    // What has to stay cannot be renamed away, so the new files then go in one by one, from a place on the same file system.
    temporary = temporaryPath(holdsForeignFiles(target) ? target : dirname(target));
    mkdirSync(temporary);
    const marker: ShardMarker = {
      formatVersion: RESULT_FORMAT_VERSION,
      runId: description.runId,
      metrics: description.metrics,
      notes: description.notes ?? [],
      files: await writeFiles(temporary, files),
    };
    await writeFiles(temporary, new Map([[MARKER_NAME, formatMarker(marker)]]));
    for (const directory of directoriesOf(files.keys())) syncDirectory(join(temporary, directory));
    install(temporary, target, marker);
    return marker;
  } catch (error) {
    throw fileError(`cannot write the results of a run to '${targetDir}'`, error);
  } finally {
    if (temporary !== undefined) rmSync(temporary, { recursive: true, force: true });
  }
}

/**
 * Throws a `FILE` error if no run can be written to `targetDir`, or if one would replace files there that are of no earlier run.
 * So a long run is not simulated in vain.
 */
export function requireWritable(targetDir: string): void {
  const target = resolve(targetDir);
  const inTheWay = readMarker(target) === undefined ? SHARD_NAMES.filter((name) => existsSync(join(target, name))) : [];
  if (inTheWay.length > 0) {
    throw new SweepError("FILE", `'${targetDir}' holds ${inTheWay.join(", ")}, and no run that has written it`, {
      hint: "choose another output_dir, or move the files away",
    });
  }
  try {
    makeDirectories(dirname(target));
    const probe = temporaryPath(existsSync(target) ? target : dirname(target));
    mkdirSync(probe);
    rmSync(probe, { recursive: true });
  } catch (error) {
    throw fileError(`cannot write to '${targetDir}'`, error);
  }
}

async function writeFiles(root: string, files: ReadonlyMap<string, FileContent>): Promise<ShardFile[]> {
  const written: ShardFile[] = [];
  const names = [...files.keys()].sort();
  for (const directory of directoriesOf(names)) mkdirSync(join(root, directory), { recursive: true });
  for (let start = 0; start < names.length; start += BATCH_SIZE) {
    const descriptors: number[] = [];
    try {
      for (const name of names.slice(start, start + BATCH_SIZE)) {
        const descriptor = openSync(join(root, name), "wx");
        descriptors.push(descriptor);
        written.push({ name, ...writeContent(descriptor, files.get(name)!) });
      }
      await syncDescriptors(descriptors);
    } finally {
      for (const descriptor of descriptors) closeSync(descriptor);
    }
  }
  return written;
}

function writeContent(descriptor: number, content: FileContent): Omit<ShardFile, "name"> {
  const hash = createHash("sha256");
  let sizeBytes = 0;
  const pieces = typeof content === "string" || content instanceof Uint8Array ? [content] : content;
  for (const piece of pieces) {
    const bytes = typeof piece === "string" ? Buffer.from(piece) : piece;
    hash.update(bytes);
    writeFileSync(descriptor, bytes);
    sizeBytes += bytes.length;
  }
  return { sizeBytes, sha256: hash.digest("hex") };
}

/** The root and all folders that hold the named files, parents first. */
function directoriesOf(names: Iterable<string>): string[] {
  const directories = new Set([""]);
  for (const name of names) {
    const parts = name.split("/").slice(0, -1);
    for (let depth = 1; depth <= parts.length; depth++) directories.add(parts.slice(0, depth).join("/"));
  }
  return [...directories].sort();
}

function install(temporary: string, target: string, marker: ShardMarker): void {
  if (dirname(temporary) === target || holdsForeignFiles(target)) {
    installFileByFile(temporary, target, marker);
  } else if (existsSync(target) && readdirSync(target).length > 0) {
    const replaced = temporaryPath(dirname(target));
    renameSync(target, replaced);
    renameSync(temporary, target);
    syncDirectory(dirname(target));
    rmSync(replaced, { recursive: true, force: true });
  } else {
    renameSync(temporary, target);
    syncDirectory(dirname(target));
  }
}

/** The marker goes first and comes back last, so that at no time it vouches for a mixture of two runs. */
function installFileByFile(temporary: string, target: string, marker: ShardMarker): void {
  const replaced = filesOfOldShard(target);
  const names = marker.files.map(({ name }) => name);
  refuseLinkedFolders(target, directoriesOf([...replaced, ...names]));
  rmSync(join(target, MARKER_NAME), { force: true });
  syncDirectory(target);
  for (const name of replaced) rmSync(join(target, name), { force: true });
  const directories = directoriesOf(names);
  for (const directory of directories) mkdirSync(join(target, directory), { recursive: true });
  for (const name of names) renameSync(join(temporary, name), join(target, name));
  for (const directory of directories) syncDirectory(join(target, directory));
  renameSync(join(temporary, MARKER_NAME), join(target, MARKER_NAME));
  syncDirectory(target);
}

/** Throws a `FILE` error if a folder below `target` is a link: files would be removed and written elsewhere. */
function refuseLinkedFolders(target: string, directories: readonly string[]): void {
  for (const directory of directories) {
    const path = join(target, directory);
    if (directory !== "" && lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()) {
      throw new SweepError("FILE", `'${path}' is a link, and results are written only to the folder of their run`, {
        hint: "remove the link, or choose another output_dir",
      });
    }
  }
}

/** Whether `target` holds anything but the files of a shard. */
function holdsForeignFiles(target: string): boolean {
  const own = new Set([...filesOfOldShard(target), MARKER_NAME]);
  const directories = new Set(directoriesOf(own));
  const isForeign = (directory: string): boolean =>
    readdirSync(join(target, directory), { withFileTypes: true }).some((entry) => {
      const name = directory === "" ? entry.name : `${directory}/${entry.name}`;
      return entry.isDirectory() ? !directories.has(name) || isForeign(name) : !own.has(name);
    });
  return existsSync(target) && isForeign("");
}

/** Names of the files that the marker in `target` lists, if there is a well-formed one. */
function filesOfOldShard(target: string): string[] {
  const marker = readMarker(target);
  return marker === undefined || typeof marker === "string" ? [] : marker.files.map(({ name }) => name);
}
