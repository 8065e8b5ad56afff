/** What a sweep's directory holds: which runs are complete, which are missing, and why. */
import pLimit from "p-limit";
import { readMarker, readShard, type ShardState } from "../results/shard-marker.ts";
import type { CompleteRun } from "./complete-run.ts";
import { type JournalEntry, readJournal } from "./journal.ts";
import { type Pack, packOf, readPacks } from "./packs/read-packs.ts";
import type { PlanEntry, SweepPlan } from "./plan.ts";
import type { RunFailure } from "./run-task.ts";
import { outputDirOf, readPlan } from "./sweep-directory.ts";
import type { SweepRow } from "./sweep-row.ts";

export interface SweepState {
  readonly plan: SweepPlan;
  readonly journal: ReadonlyMap<number, JournalEntry>;
  /** The complete runs, verified, by run number. */
  readonly complete: ReadonlyMap<number, CompleteRun>;
  readonly missing: readonly MissingRun[];
  /** The files of packed rows as they are; none in a sweep that does not pack. */
  readonly packs: ReadonlyMap<number, Pack>;
  /** What is damaged and does not count, for people. */
  readonly damage: readonly string[];
}

export interface MissingRun {
  readonly entry: PlanEntry;
  /** Why what is there does not count, if anything is there. */
  readonly damage?: string;
  /** The failure that the journal records last for this run. */
  readonly failure?: RunFailure;
}

export interface InspectOptions {
  /** `checksums`: every file of every shard is read; `markers`: what the shards say of themselves is believed. */
  readonly depth?: "checksums" | "markers";
}

/** Shards verified at once. */
const CONCURRENCY = 8;

/** Reads the plan in `sweepDir` and looks at every shard and row. Changes nothing. */
export async function inspectSweep(
  sweepDir: string,
  { depth = "checksums" }: InspectOptions = {},
): Promise<SweepState> {
  const plan = readPlan(sweepDir);
  const journal = readJournal(sweepDir);
  return plan.rowsPerPack === undefined
    ? inspectShards(sweepDir, plan, journal, depth)
    : inspectPacks(sweepDir, plan, journal, plan.rowsPerPack);
}

async function inspectShards(
  sweepDir: string,
  plan: SweepPlan,
  journal: ReadonlyMap<number, JournalEntry>,
  depth: "checksums" | "markers",
): Promise<SweepState> {
  const look = depth === "checksums" ? readShard : async (directory: string) => shardOfMarker(directory);
  const limit = pLimit(CONCURRENCY);
  const states = await limit.map(plan.entries, (entry) => look(outputDirOf(sweepDir, entry)));
  const complete = new Map<number, CompleteRun>();
  const missing: MissingRun[] = [];
  plan.entries.forEach((entry, index) => {
    const shard = states[index];
    if (shard.state === "complete" && shard.marker.runId === entry.runId) {
      complete.set(entry.number, shard.marker);
      return;
    }
    missing.push({
      entry,
      ...(shard.state === "damaged" ? { damage: shard.reason } : {}),
      ...(shard.state === "complete" ? { damage: otherRun(shard.marker, entry) } : {}),
      ...failureOf(entry, journal),
    });
  });
  const damage = missing.flatMap(({ entry, damage: reason }) =>
    reason === undefined ? [] : [`run ${entry.number} (${entry.subdir}): ${reason}`],
  );
  return { plan, journal, complete, missing, packs: new Map(), damage };
}

function shardOfMarker(directory: string): ShardState {
  const marker = readMarker(directory);
  if (marker === undefined) return { state: "absent" };
  return typeof marker === "string" ? { state: "damaged", reason: marker } : { state: "complete", marker };
}

/** A row that is not there is of a run that did not end, or was in a pack that is damaged; rows journalled as done are missed. */
function inspectPacks(
  sweepDir: string,
  plan: SweepPlan,
  journal: ReadonlyMap<number, JournalEntry>,
  rowsPerPack: number,
): SweepState {
  const entries = new Map(plan.entries.map((entry) => [entry.number, entry]));
  const packs = readPacks(sweepDir, rowsPerPack, entries);
  const complete = new Map<number, CompleteRun>();
  const missing: MissingRun[] = [];
  const lost = new Map<number, number>();
  for (const entry of plan.entries) {
    const pack = packOf(entry.number, rowsPerPack);
    const row = packs.get(pack)?.rows.get(entry.number);
    if (row !== undefined) {
      complete.set(entry.number, row);
      continue;
    }
    const recorded = journal.get(entry.number);
    if (recorded?.status === "done" && recorded.runId === entry.runId) lost.set(pack, (lost.get(pack) ?? 0) + 1);
    missing.push({ entry, ...failureOf(entry, journal) });
  }
  const damage = [...packs.values()].flatMap((pack) => pack.damage);
  for (const [pack, count] of lost) damage.push(`packs/${pack}.jsonl: ${count} rows that were complete are lost`);
  return { plan, journal, complete, missing, packs, damage };
}

function failureOf(entry: PlanEntry, journal: ReadonlyMap<number, JournalEntry>): Pick<MissingRun, "failure"> {
  const recorded = journal.get(entry.number);
  return recorded?.status === "failed" && recorded.runId === entry.runId ? { failure: recorded.error } : {};
}

export function otherRun(found: { readonly runId: string }, expected: { readonly runId: string }): string {
  return `the shard is of run ${found.runId}, expected ${expected.runId}`;
}

/** The rows of the sweep's tables, in order of run numbers. */
export function sweepRows({ plan, complete, missing }: Pick<SweepState, "plan" | "complete" | "missing">): SweepRow[] {
  const failed = new Set(missing.filter(({ failure }) => failure !== undefined).map(({ entry }) => entry.number));
  return plan.entries.map((entry) => {
    const run = complete.get(entry.number);
    if (run !== undefined) return { entry, status: "done", metrics: run.metrics, notes: run.notes };
    return { entry, status: failed.has(entry.number) ? "failed" : "pending", metrics: {}, notes: [] };
  });
}
