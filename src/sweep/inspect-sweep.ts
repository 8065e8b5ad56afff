/** What a sweep's directory holds: which runs are complete, which are missing, and why. */
import pLimit from "p-limit";
import { readShard, type ShardMarker } from "../results/shard-marker.ts";
import { type JournalEntry, readJournal } from "./journal.ts";
import type { PlanEntry, SweepPlan } from "./plan.ts";
import type { RunFailure } from "./run-task.ts";
import { outputDirOf, readPlan } from "./sweep-directory.ts";
import type { SweepRow } from "./sweep-row.ts";

export interface SweepState {
  readonly plan: SweepPlan;
  readonly journal: ReadonlyMap<number, JournalEntry>;
  /** Verified markers of the complete runs, by run number. */
  readonly complete: ReadonlyMap<number, ShardMarker>;
  readonly missing: readonly MissingRun[];
}

export interface MissingRun {
  readonly entry: PlanEntry;
  /** Why what is there does not count, if anything is there. */
  readonly damage?: string;
  /** The failure that the journal records last for this run. */
  readonly failure?: RunFailure;
}

/** Shards verified at once. */
const CONCURRENCY = 8;

/** Reads the plan in `sweepDir` and verifies every shard against its checksums. Changes nothing. */
export async function inspectSweep(sweepDir: string): Promise<SweepState> {
  const plan = readPlan(sweepDir);
  const journal = readJournal(sweepDir);
  const limit = pLimit(CONCURRENCY);
  const states = await limit.map(plan.entries, (entry) => readShard(outputDirOf(sweepDir, entry)));
  const complete = new Map<number, ShardMarker>();
  const missing: MissingRun[] = [];
  plan.entries.forEach((entry, index) => {
    const shard = states[index];
    if (shard.state === "complete" && shard.marker.runId === entry.runId) {
      complete.set(entry.number, shard.marker);
      return;
    }
    const recorded = journal.get(entry.number);
    missing.push({
      entry,
      ...(shard.state === "damaged" ? { damage: shard.reason } : {}),
      ...(shard.state === "complete" ? { damage: otherRun(shard.marker, entry) } : {}),
      ...(recorded?.status === "failed" && recorded.runId === entry.runId ? { failure: recorded.error } : {}),
    });
  });
  return { plan, journal, complete, missing };
}

export function otherRun(marker: ShardMarker, expected: { readonly runId: string }): string {
  return `the shard is of run ${marker.runId}, expected ${expected.runId}`;
}

/** The rows of the sweep's tables, in order of run numbers. */
export function sweepRows({ plan, complete, missing }: SweepState): SweepRow[] {
  const failed = new Set(missing.filter(({ failure }) => failure !== undefined).map(({ entry }) => entry.number));
  return plan.entries.map((entry) => {
    const marker = complete.get(entry.number);
    if (marker !== undefined) return { entry, status: "done", metrics: marker.metrics, notes: marker.notes };
    return { entry, status: failed.has(entry.number) ? "failed" : "pending", metrics: {}, notes: [] };
  });
}
