/** Settings that are valid and have no effect beside the others: what the user should know before the run. */
import type { Composition } from "../config/index.ts";
import { withOwnParameters } from "../sim/own-parameters.ts";
import type { SchedulerParameters } from "../sim/scheduler/scheduler.schema.ts";
import type { RunConfig } from "../sim/simulation.schema.ts";

export function settingNotes(
  config: RunConfig,
  schedulers: ReadonlyMap<string, SchedulerParameters>,
  originOf: Composition["originOf"],
): string[] {
  const { start_state: startState, applications } = config;
  if (!startState.state_type.includes("splitwise")) return [];
  const notes: string[] = [];
  for (const { application_id, scheduler, scheduler_parameters: own } of applications) {
    const chosen = schedulers.get(scheduler);
    if (application_id !== (startState.application_id ?? 0) || chosen === undefined) continue;
    if ("transfer_bandwidth" in withOwnParameters(chosen, own)) continue;
    notes.push(
      `start_state: the scheduler ${scheduler} never transfers KV caches, so instances of both pools prefill and decode; ` +
        `schedulers with pools are mixed_pool and kv_*`,
    );
  }
  const unread = startState.split_type === "homogeneous" ? "instance_names" : "num_instances";
  for (const pool of ["prompt", "token"]) {
    const path = `start_state.${pool}.${unread}`;
    if (originOf(path)?.kind !== "override") continue;
    notes.push(
      startState.split_type === "homogeneous"
        ? `${path} is not read: split_type=homogeneous takes num_instances servers, in the order of cluster.servers`
        : `${path} is not read: split_type=heterogeneous takes all servers of the SKUs in instance_names`,
    );
  }
  return notes;
}
