/** One instance's waiting tasks and batch in a state made by hand, for the tests of local policies. */
import { Batch } from "../../../src/sim/engine/batch.ts";
import type { LocalPolicy } from "../../../src/sim/engine/local-policy.ts";
import { type Ageing, WaitingLinks, WaitingTasks } from "../../../src/sim/engine/waiting-tasks.ts";
import { ByteMemory } from "../../../src/sim/memory/byte-memory.ts";
import { Requests } from "../../../src/sim/workload/requests.ts";
import {
  decodeTask,
  isDecode,
  prefillTask,
  requestOf,
  TASK_STATE,
  TaskTable,
} from "../../../src/sim/workload/task-table.ts";
import { traceOf } from "../inputs.ts";

export interface ScenarioRequest {
  readonly prompt: number;
  readonly arrival?: number;
  /** KV-cache bytes of the prefill and of the decode; 1 each by default. */
  readonly bytes?: number;
}

export interface ScenarioParts {
  readonly requests: Requests;
  readonly tasks: TaskTable;
  readonly waiting: WaitingTasks;
  readonly memory: ByteMemory;
}

/** `freeBytes` of memory are left beside what the running and preempted tasks hold. */
export function scenario(
  rows: readonly ScenarioRequest[],
  create: (parts: ScenarioParts) => LocalPolicy,
  { freeBytes = 1e9, ageing = "preemptions" }: { freeBytes?: number; ageing?: Ageing } = {},
) {
  const requests = new Requests(
    traceOf(rows.map(({ prompt, arrival }, index) => ({ arrival: arrival ?? index, prompt, output: 9 }))),
  );
  const tasks = new TaskTable(rows.length);
  rows.forEach(({ bytes = 1 }, request) => {
    tasks.bytes[prefillTask(request)] = bytes;
    tasks.bytes[decodeTask(request)] = bytes;
  });
  const waiting = new WaitingTasks(requests, tasks, new WaitingLinks(rows.length), ageing);
  const memory = new ByteMemory(freeBytes, 0);
  const policy = create({ requests, tasks, waiting, memory });
  const batch = new Batch(requests);

  function arrive(task: number): void {
    waiting.join(requestOf(task));
    waiting.arrive(task, true);
    policy.enqueue(task);
  }

  function runNow(task: number): void {
    tasks.state[task] = TASK_STATE.starting;
    waiting.queue.remove(task);
    batch.add(task, isDecode(task) ? 8 : 1);
    waiting.run(task);
  }

  return {
    policy,
    batch,
    waiting,
    prefillWaits: (request: number) => arrive(prefillTask(request)),
    decodeWaits(request: number) {
      tasks.state[prefillTask(request)] = TASK_STATE.done;
      arrive(decodeTask(request));
    },
    prefillRuns(request: number) {
      arrive(prefillTask(request));
      runNow(prefillTask(request));
    },
    decodeRuns(request: number) {
      this.decodeWaits(request);
      runNow(decodeTask(request));
    },
    /** A decode that ran and was preempted `times` times. */
    decodePreempted(request: number, times = 1) {
      tasks.state[prefillTask(request)] = TASK_STATE.done;
      waiting.join(request);
      waiting.arrive(decodeTask(request), true);
      for (let time = 0; time < times; time++) {
        tasks.state[decodeTask(request)] = time === 0 ? TASK_STATE.starting : TASK_STATE.resuming;
        waiting.run(decodeTask(request));
        waiting.preempt(decodeTask(request));
      }
      policy.enqueue(decodeTask(request));
    },
    /** Waiting tasks in the policy's order, as P<request> and D<request>. */
    queue: () => Array.from({ length: waiting.queue.length }, (_, index) => label(waiting.queue.at(index))),
    /** The next batch: who stays and who joins, in batch order. */
    select() {
      const staying = policy.select(batch);
      return {
        stay: Array.from(batch.tasks.subarray(0, staying), label),
        join: Array.from(policy.joining.subarray(0, policy.joiningCount), label),
      };
    },
  };
}

function label(task: number): string {
  return `${isDecode(task) ? "D" : "P"}${requestOf(task)}`;
}
