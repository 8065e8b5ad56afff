import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { LinkedRows } from "../../../src/sim/engine/linked-rows.ts";
import { type Ageing, WaitingLinks, WaitingTasks } from "../../../src/sim/engine/waiting-tasks.ts";
import { Requests } from "../../../src/sim/workload/requests.ts";
import { decodeTask, prefillTask, TASK_STATE, TaskTable } from "../../../src/sim/workload/task-table.ts";
import { traceOf } from "../inputs.ts";

// Few arrival times, so that many are equal; not ascending, as requests of several sources reach an instance.
const ARRIVALS = [3, 1, 2, 2, 1, 3, 0, 2, 1, 3, 2, 0];

function rowsOf(list: LinkedRows): number[] {
  const rows: number[] = [];
  for (let row = list.head; row >= 0; row = list.next(row)) rows.push(row);
  return rows;
}

function waitingRoom(ageing: Ageing, arrivals: readonly number[] = ARRIVALS) {
  const requests = new Requests(traceOf(arrivals.map((arrival) => ({ arrival, prompt: 1, output: 2 }))));
  const tasks = new TaskTable(arrivals.length);
  return { tasks, waiting: new WaitingTasks(requests, tasks, new WaitingLinks(arrivals.length), ageing) };
}

type Stage = "absent" | "prefill waits" | "prefill runs" | "prefilled" | "decode waits" | "decode runs" | "preempted";

interface Model {
  stage: Stage;
  hasChainedDecode: boolean;
  joinOrder: number;
  age: number;
}

/** The next thing that can happen to a request at each stage. */
const NEXT: Readonly<Record<Stage, Stage>> = {
  absent: "prefill waits",
  "prefill waits": "prefill runs",
  "prefill runs": "prefilled",
  prefilled: "decode waits",
  "decode waits": "decode runs",
  "decode runs": "preempted",
  preempted: "decode runs",
};

const WAITS: readonly Stage[] = ["prefill waits", "decode waits", "preempted"];

describe.each(["preemptions", "waited_starts"] as const)("WaitingTasks that count %s", (ageing) => {
  test("keeps the orders by arrival, of prefills and of preempted, and every age, as plain lists do", () => {
    const step = fc.record({ request: fc.nat(ARRIVALS.length - 1), chained: fc.boolean(), starts: fc.nat(2) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 150 }), (steps) => {
        const { tasks, waiting } = waitingRoom(ageing);
        const models: Model[] = ARRIVALS.map(() => ({
          stage: "absent",
          hasChainedDecode: false,
          joinOrder: 0,
          age: 0,
        }));
        const prefills: number[] = [];
        const preempted: number[] = [];
        let joined = 0;
        for (const { request, chained, starts } of steps) {
          const model = models[request];
          const stage = NEXT[model.stage];
          const prefill = prefillTask(request);
          const decode = decodeTask(request);
          if (stage === "prefill waits") {
            waiting.join(request);
            waiting.arrive(prefill, true);
            if (chained) waiting.arrive(decode, false);
            Object.assign(model, { hasChainedDecode: chained, joinOrder: joined++, age: 0 });
            prefills.push(request);
          } else if (stage === "prefill runs") {
            tasks.state[prefill] = TASK_STATE.starting;
            waiting.run(prefill);
            prefills.splice(prefills.indexOf(request), 1);
          } else if (stage === "prefilled") {
            tasks.state[prefill] = TASK_STATE.done;
          } else if (stage === "decode waits") {
            if (model.hasChainedDecode) waiting.becomeReady(request);
            else {
              waiting.join(request);
              waiting.arrive(decode, true);
              model.joinOrder = joined++;
            }
            model.age = 0;
          } else if (stage === "decode runs") {
            tasks.state[decode] = model.stage === "preempted" ? TASK_STATE.resuming : TASK_STATE.starting;
            waiting.run(decode);
            if (model.stage === "preempted") preempted.splice(preempted.indexOf(request), 1);
          } else {
            waiting.preempt(decode);
            preempted.push(request);
            if (ageing === "preemptions") model.age++;
          }
          model.stage = stage;
          for (let start = 0; start < starts; start++) {
            waiting.countStart();
            if (ageing === "waited_starts") for (const m of models) if (WAITS.includes(m.stage)) m.age++;
          }

          const waits = ARRIVALS.map((_, row) => row).filter((row) => WAITS.includes(models[row].stage));
          waits.sort((a, b) => ARRIVALS[a] - ARRIVALS[b] || models[a].joinOrder - models[b].joinOrder);
          expect(rowsOf(waiting.byArrival)).toEqual(waits);
          expect(rowsOf(waiting.prefills)).toEqual(prefills);
          expect(rowsOf(waiting.preempted)).toEqual(preempted);
          for (const row of waits) {
            const isPrefill = models[row].stage === "prefill waits";
            const first = isPrefill ? prefillTask(row) : decodeTask(row);
            expect(waiting.firstTask(row)).toBe(first);
            expect(waiting.age(first)).toBe(models[row].age);
            if (isPrefill && models[row].hasChainedDecode) expect(waiting.age(decodeTask(row))).toBe(0);
          }
        }
      }),
    );
  });
});

describe("age", () => {
  test("of a decode that is submitted with its prefill begins when the prefill is done", () => {
    const { tasks, waiting } = waitingRoom("waited_starts");
    waiting.join(0);
    waiting.arrive(prefillTask(0), true);
    waiting.arrive(decodeTask(0), false);
    waiting.countStart();
    waiting.countStart();
    expect([waiting.age(prefillTask(0)), waiting.age(decodeTask(0))]).toEqual([2, 0]);
    tasks.state[prefillTask(0)] = TASK_STATE.starting;
    waiting.run(prefillTask(0));
    tasks.state[prefillTask(0)] = TASK_STATE.done;
    waiting.becomeReady(0);
    waiting.countStart();
    expect(waiting.age(decodeTask(0))).toBe(1);
  });

  test("does not grow while a task runs", () => {
    const { tasks, waiting } = waitingRoom("waited_starts");
    waiting.join(0);
    waiting.arrive(decodeTask(0), true);
    waiting.countStart();
    tasks.state[decodeTask(0)] = TASK_STATE.starting;
    waiting.run(decodeTask(0));
    for (let start = 0; start < 5; start++) waiting.countStart();
    waiting.preempt(decodeTask(0));
    expect(waiting.age(decodeTask(0))).toBe(1);
  });
});
