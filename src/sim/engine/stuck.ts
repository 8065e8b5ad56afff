import { gigabytes } from "../checks.ts";
import type { Instance } from "../cluster/instance.ts";
import type { Requests } from "../workload/requests.ts";
import { isDecode, requestOf, type TaskTable } from "../workload/task-table.ts";

export interface StuckInstance {
  readonly instance: Instance;
  readonly requests: Requests;
  readonly tasks: TaskTable;
  readonly unfinished: number;
  /** The task that would be next. */
  readonly task: number;
}

/** Why an instance with waiting work runs nothing, as a sentence. */
export function stuckSentence({ instance, requests, tasks, unfinished, task }: StuckInstance): string {
  const { memory } = instance;
  return (
    `Instance ${instance.label} is stuck with ${unfinished} unfinished requests: request ` +
    `${requests.trace.requestId[requestOf(task)]} needs ${gigabytes(tasks.bytes[task])} for its ` +
    `${isDecode(task) ? "decode" : "prefill"}, and only ${gigabytes(memory.capacityBytes - memory.usedBytes)} of ` +
    `${gigabytes(memory.capacityBytes)} are free, the rest held by waiting requests that nobody evicts.`
  );
}
