/** What a query sees of the sweeps and runs that it names: a row per run, and the tables that runs keep as files. */
import { closeSync, lstatSync, openSync, readSync } from "node:fs";
import { join, resolve } from "node:path";
import { SweepError } from "../errors.ts";
import { isSystemError } from "../results/durable-files.ts";
import { parseRequestFileName } from "../results/request-files/index.ts";
import { readMarker, readShard, type ShardFile, type ShardMarker } from "../results/shard-marker.ts";
import { inspectSweep, sweepRows } from "../sweep/inspect-sweep.ts";
import { holdsSweep, outputDirOf } from "../sweep/sweep-directory.ts";
import type { SweepRow } from "../sweep/sweep-row.ts";

export const TABLE_KINDS = ["requests", "nodes", "samples"] as const;
export type TableKind = (typeof TABLE_KINDS)[number];

/** A file of a run that holds a table. */
export interface TableFile {
  readonly kind: TableKind;
  readonly path: string;
  readonly sweep: string;
  readonly run: number;
  /** Of tables of requests. */
  readonly applicationId?: number;
  /** The first line of a CSV file; none for Parquet. */
  readonly header?: string | undefined;
}

export interface QuerySource {
  /** As the user named it. */
  readonly sweep: string;
  readonly sweptKeys: readonly string[];
  /** In order of run numbers; a run's own folder is a sweep of run 0. */
  readonly rows: readonly SweepRow[];
  readonly files: readonly TableFile[];
  /** What is damaged and left out, for people. */
  readonly damage: readonly string[];
}

export interface ReadOptions {
  /** Files are compared with their checksums, and not only with their sizes. */
  readonly verify: boolean;
}

/** Errors: SweepError `SWEEP` if `directory` holds neither a sweep nor a run. */
export async function readQuerySource(directory: string, { verify }: ReadOptions): Promise<QuerySource> {
  if (!holdsSweep(directory)) return readRun(directory, verify);
  const state = await inspectSweep(directory, { depth: verify ? "checksums" : "markers" });
  const damage = [...state.damage];
  const files: TableFile[] = [];
  for (const entry of state.plan.rowsPerPack === undefined ? state.plan.entries : []) {
    const run = state.complete.get(entry.number);
    if (run === undefined) continue;
    const outputDir = outputDirOf(directory, entry);
    const marker = readMarker(outputDir);
    if (marker === undefined || typeof marker === "string") continue;
    files.push(...tablesOf(marker.files, outputDir, { sweep: directory, run: entry.number }, damage));
  }
  return { sweep: directory, sweptKeys: state.plan.sweptKeys, rows: sweepRows(state), files, damage };
}

async function readRun(directory: string, verify: boolean): Promise<QuerySource> {
  const marker = verify ? await verifiedMarker(directory) : readMarker(directory);
  if (marker === undefined) {
    throw new SweepError("SWEEP", `'${directory}' holds neither a sweep nor a run.`, {
      hint: "Name the folder of a sweep (it has a plan.jsonl) or of a run (it has a shard.json).",
    });
  }
  if (typeof marker === "string") throw new SweepError("SWEEP", `The run in '${directory}' is damaged: ${marker}.`);
  const { runId, metrics, notes } = marker;
  const damage: string[] = [];
  const files = tablesOf(marker.files, resolve(directory), { sweep: directory, run: 0 }, damage);
  const row: SweepRow = { entry: { number: 0, runId, subdir: ".", overrides: [] }, status: "done", metrics, notes };
  return { sweep: directory, sweptKeys: [], rows: [row], files, damage };
}

async function verifiedMarker(directory: string): Promise<ShardMarker | string | undefined> {
  const shard = await readShard(directory);
  if (shard.state === "complete") return shard.marker;
  return shard.state === "damaged" ? shard.reason : undefined;
}

function tablesOf(
  files: readonly ShardFile[],
  outputDir: string,
  of: Pick<TableFile, "sweep" | "run">,
  damage: string[],
): TableFile[] {
  return files.flatMap((file): TableFile[] => {
    const table = tableNamed(file.name);
    if (table === undefined) return [];
    const path = join(outputDir, ...file.name.split("/"));
    const looked = lookAt(path, file);
    if (looked.problem === undefined) return [{ ...table, ...of, path, header: looked.header }];
    damage.push(`run ${of.run}: ${file.name} ${looked.problem}: its rows are left out`);
    return [];
  });
}

function tableNamed(name: string): Pick<TableFile, "kind" | "applicationId"> | undefined {
  const requests = parseRequestFileName(name);
  if (requests !== undefined) return { kind: "requests", applicationId: requests.applicationId };
  if (name === "request_nodes.csv") return { kind: "nodes" };
  return name === "samples.csv" ? { kind: "samples" } : undefined;
}

/** Longer first lines are of no file that a run writes. */
const LONGEST_HEADER_BYTES = 4096;

/** That a file is the one its marker lists, as far as its size tells; and its header. */
function lookAt(path: string, { sizeBytes }: ShardFile): { problem?: string; header?: string } {
  try {
    const stats = lstatSync(path);
    if (!stats.isFile()) return { problem: "is not a regular file" };
    if (stats.size !== sizeBytes) return { problem: `has ${stats.size} bytes, expected ${sizeBytes}` };
    if (!path.endsWith(".csv")) return {};
    const header = firstLine(path);
    return header === undefined ? { problem: "has no header" } : { header };
  } catch (error) {
    if (isSystemError(error)) return { problem: `cannot be read (${error.code})` };
    throw error;
  }
}

function firstLine(path: string): string | undefined {
  const buffer = Buffer.alloc(LONGEST_HEADER_BYTES);
  const descriptor = openSync(path, "r");
  try {
    const text = buffer.toString("utf8", 0, readSync(descriptor, buffer, 0, buffer.length, 0));
    const end = text.indexOf("\n");
    return end < 0 ? undefined : text.slice(0, end).replace(/\r$/, "");
  } finally {
    closeSync(descriptor);
  }
}
