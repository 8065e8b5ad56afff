/** `shard.json`, the marker that makes a directory a shard: what the run was, its metrics, and every file with its checksum. */
import { createHash } from "node:crypto";
import { lstatSync, readFileSync } from "node:fs";
import { lstat, open } from "node:fs/promises";
import { join } from "node:path";
import { isSystemError } from "./durable-files.ts";
import { RESULT_FORMAT_VERSION } from "./format-version.ts";
import type { RunMetrics } from "./metrics.ts";
import { isSafeRelativeName } from "./relative-name.ts";

export const MARKER_NAME = "shard.json";
const MAX_MARKER_BYTES = 64 * 1024 * 1024;

export interface ShardFile {
  readonly name: string;
  readonly sizeBytes: number;
  readonly sha256: string;
}

export interface ShardMarker {
  readonly formatVersion: number;
  readonly runId: string;
  readonly metrics: RunMetrics;
  /** Sentences for the user, such as why requests were left unfinished. */
  readonly notes: readonly string[];
  /** All files of the shard but the marker, by ascending name. */
  readonly files: readonly ShardFile[];
}

export type ShardState =
  | { readonly state: "absent" }
  | { readonly state: "complete"; readonly marker: ShardMarker }
  | { readonly state: "damaged"; readonly reason: string };

/** The marker of the shard in `directory` as it stands: undefined without a marker, a sentence if it is not well-formed. */
export function readMarker(directory: string): ShardMarker | string | undefined {
  try {
    const path = join(directory, MARKER_NAME);
    const { size } = lstatSync(path);
    if (size > MAX_MARKER_BYTES) return `${MARKER_NAME} has ${size} bytes, more than any marker`;
    return parseMarker(readFileSync(path, "utf8"));
  } catch (error) {
    if (isSystemError(error, "ENOENT", "ENOTDIR")) return undefined;
    if (isSystemError(error)) return `${MARKER_NAME} cannot be read: ${error.message}`;
    throw error;
  }
}

/** What is in `directory`: a shard is complete if its marker is well-formed and every file has its size and its SHA-256. */
export async function readShard(directory: string): Promise<ShardState> {
  const marker = readMarker(directory);
  if (marker === undefined) return { state: "absent" };
  if (typeof marker === "string") return { state: "damaged", reason: marker };
  for (const file of marker.files) {
    const reason = await findDamage(directory, file);
    if (reason !== undefined) return { state: "damaged", reason };
  }
  return { state: "complete", marker };
}

async function findDamage(directory: string, file: ShardFile): Promise<string | undefined> {
  const path = join(directory, ...file.name.split("/"));
  try {
    const stats = await lstat(path);
    if (!stats.isFile()) return `${file.name} is not a regular file`;
    if (stats.size !== file.sizeBytes) return `${file.name} has ${stats.size} bytes, expected ${file.sizeBytes}`;
    if ((await sha256OfFile(path)) !== file.sha256) return `${file.name} does not have its SHA-256`;
    return undefined;
  } catch (error) {
    if (isSystemError(error, "ENOENT", "ENOTDIR")) return `${file.name} is missing`;
    if (isSystemError(error)) return `${file.name} cannot be read: ${error.message}`;
    throw error;
  }
}

async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  const handle = await open(path, "r");
  try {
    const buffer = Buffer.allocUnsafe(256 * 1024);
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, buffer.length);
      if (bytesRead === 0) return hash.digest("hex");
      hash.update(buffer.subarray(0, bytesRead));
    }
  } finally {
    await handle.close();
  }
}

export function formatMarker(marker: ShardMarker): string {
  return `${JSON.stringify(marker, null, 1)}\n`;
}

/** The marker in `text`, or what is wrong with it. The text may come from anybody. */
export function parseMarker(text: string): ShardMarker | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return `${MARKER_NAME} is not JSON`;
  }
  if (!isRecord(value)) return `${MARKER_NAME} does not hold an object`;
  const { formatVersion, runId, metrics, notes, files } = value;
  if (formatVersion !== RESULT_FORMAT_VERSION) {
    return `${MARKER_NAME} has format version ${JSON.stringify(formatVersion)}, expected ${RESULT_FORMAT_VERSION}`;
  }
  if (typeof runId !== "string" || runId === "") return `${MARKER_NAME} names no run`;
  if (!isRunMetrics(metrics)) return `${MARKER_NAME} holds malformed metrics`;
  if (!isNotes(notes)) return `${MARKER_NAME} holds malformed notes`;
  if (!Array.isArray(files) || !files.every(isShardFile)) return `${MARKER_NAME} holds a malformed list of files`;
  return { formatVersion, runId, metrics, notes, files };
}

export function isRunMetrics(value: unknown): value is RunMetrics {
  return isRecord(value) && Object.entries(value).every(isMetric);
}

export function isNotes(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((note) => typeof note === "string");
}

function isMetric([name, value]: [string, unknown]): boolean {
  return /^[a-z][a-z0-9_]*$/.test(name) && (value === null || Number.isFinite(value));
}

function isShardFile(value: unknown): value is ShardFile {
  if (!isRecord(value)) return false;
  const { name, sizeBytes, sha256 } = value;
  return (
    typeof name === "string" &&
    isSafeRelativeName(name) &&
    Number.isSafeInteger(sizeBytes) &&
    typeof sha256 === "string" &&
    /^[0-9a-f]{64}$/.test(sha256)
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
