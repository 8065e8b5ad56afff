/** What a directory of results holds, a sweep's or a single run's. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readYaml } from "../config/index.ts";
import { RESULT_FORMAT_VERSION } from "../results/format-version.ts";
import { readMarker, readShard } from "../results/shard-marker.ts";
import { inspectSweep, type SweepState } from "./inspect-sweep.ts";
import { PLAN_NAME, type SweepPlan } from "./plan.ts";

/** A single run is shown as a sweep of one. Errors: SweepError if there is neither a sweep nor a complete run. */
export async function inspectResults(directory: string): Promise<SweepState> {
  const marker = existsSync(join(directory, PLAN_NAME)) ? undefined : readMarker(directory);
  if (marker === undefined || typeof marker === "string") return inspectSweep(directory);
  const entry = { number: 0, runId: marker.runId, subdir: ".", overrides: overridesOf(directory) };
  const plan: SweepPlan = {
    createdBy: "servesweep",
    resultFormatVersion: RESULT_FORMAT_VERSION,
    sweptKeys: [],
    context: null,
    entries: [entry],
  };
  const none = { journal: new Map(), packs: new Map() };
  const shard = await readShard(directory);
  if (shard.state === "complete") {
    return { ...none, plan, complete: new Map([[0, shard.marker]]), missing: [], damage: [] };
  }
  const damage = shard.state === "damaged" ? shard.reason : "the run is not complete";
  return { ...none, plan, complete: new Map(), missing: [{ entry, damage }], damage: [damage] };
}

function overridesOf(directory: string): string[] {
  const file = join(directory, ".hydra/overrides.yaml");
  if (!existsSync(file)) return [];
  const { value } = readYaml(readFileSync(file, "utf8"), file);
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}
