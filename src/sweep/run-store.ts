/** Where the results of a sweep's runs are kept: a directory each, or rows of shared files. */
import { isRunMetrics, readMarker } from "../results/shard-marker.ts";
import type { CompleteRun } from "./complete-run.ts";
import { otherRun, type SweepState } from "./inspect-sweep.ts";
import { GroupCommit } from "./packs/group-commit.ts";
import { PackWriter } from "./packs/pack-writer.ts";
import type { PackedRow } from "./packs/packed-row.ts";
import type { PlanEntry } from "./plan.ts";
import type { RunFailure, RunResult, RunTask } from "./run-task.ts";
import { outputDirOf } from "./sweep-directory.ts";

export interface RunStore {
  outputDirOf(entry: PlanEntry): string | undefined;
  /** Takes the result of a run that reports success: what is kept of it, or why it does not count. Throws if the disk refuses. */
  keep(task: RunTask, result: RunResult): CompleteRun | RunFailure;
  /** Makes all that was kept durable. Throws if the disk refuses. */
  close(): void;
}

/** Called with runs that are durable from now on. */
export type OnDurable = (runs: readonly { readonly number: number; readonly runId: string }[]) => void;

/** The store of the sweep that `state` describes. */
export function openRunStore(sweepDir: string, state: SweepState, onDurable: OnDurable): RunStore {
  const { plan, packs } = state;
  if (plan.rowsPerPack === undefined) return directoryStore(sweepDir, onDurable);
  return packedStore(new PackWriter(sweepDir, plan.rowsPerPack, plan.entries, packs), onDurable);
}

/** The shard decides: a run that reports success without one has failed. */
function directoryStore(sweepDir: string, onDurable: OnDurable): RunStore {
  return {
    outputDirOf: (entry) => outputDirOf(sweepDir, entry),
    keep(task) {
      const marker = task.outputDir === undefined ? undefined : readMarker(task.outputDir);
      if (marker !== undefined && typeof marker !== "string" && marker.runId === task.runId) {
        onDurable([task]);
        return marker;
      }
      const found =
        marker === undefined ? "there is no shard" : typeof marker === "string" ? marker : otherRun(marker, task);
      return { code: "INTERNAL", message: `run ${task.number} ended without its shard in ${task.outputDir}: ${found}` };
    },
    close() {},
  };
}

const LARGEST_GROUP = 1000;
/** What a kill can cost besides the runs in flight. */
const LONGEST_WAIT_MILLISECONDS = 250;

function packedStore(packs: PackWriter, onDurable: OnDurable): RunStore {
  const commits = new GroupCommit<PackedRow>({
    commit(rows) {
      packs.write(rows);
      onDurable(rows);
    },
    largestGroup: LARGEST_GROUP,
    longestWaitMilliseconds: LONGEST_WAIT_MILLISECONDS,
  });
  return {
    outputDirOf: () => undefined,
    keep({ number, runId }, { metrics, notes = [] }) {
      if (!isRunMetrics(metrics)) return { code: "INTERNAL", message: `run ${number} ended with malformed metrics` };
      const row = { number, runId, metrics, notes };
      commits.add(row);
      return row;
    },
    close() {
      commits.flush();
      packs.close();
    },
  };
}
